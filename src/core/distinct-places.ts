import type { SessionPlace } from './ports.js';

/**
 * One place for each base URL, in the first Playwright project that has it. Projects without a base URL are ignored if
 * another project has one.
 */
export function distinctPlaces(
  projects: readonly { readonly name: string; readonly baseURL: string | undefined }[],
): SessionPlace[] {
  const places = new Map<string | undefined, SessionPlace>();
  for (const { name, baseURL } of projects)
    if (!places.has(baseURL)) places.set(baseURL, { baseURL, project: name });
  if (places.size > 1) places.delete(undefined);
  return [...places.values()];
}
