/**
 * What the redactor has to know of the URL of a Redis: the URL, its user with password, and the password as typed and
 * as meant. Nothing where there is no URL.
 */
export function secretsOfRedisUrl(url: string | undefined): readonly string[] {
  const text = url?.trim();
  if (!text) return [];
  const [, login, password] = /^[a-z]+:\/\/([^@:]*:([^@]*))@/.exec(text) ?? [];
  if (login === undefined || !password) return [text];
  return [...new Set([text, login, password, decoded(password)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
