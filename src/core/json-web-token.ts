/**
 * When a JSON Web Token ends (`exp`, RFC 7519 section 4.1.4), in milliseconds. `undefined` for other texts, and for a
 * token without an end.
 */
export function tokenEndMs(text: string): number | undefined {
  const payload = tokenPattern.exec(text)?.[1];
  if (payload === undefined) return undefined;
  const { exp } = (parseObject(Buffer.from(payload, 'base64url').toString()) ?? {}) as { exp?: unknown };
  return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined;
}

/** A JSON object; `undefined` for other texts. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const tokenPattern = /^(?:Bearer )?eyJ[\w-]+\.([\w-]+)\.[\w-]*$/;
