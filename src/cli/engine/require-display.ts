import { displayMissing, hasDisplay } from '../../browser/display.js';

/**
 * Requires a display before anyone signs in.
 *
 * @throws AuthSessionsError `ERR_DISPLAY_MISSING`
 */
export function requireDisplay(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): void {
  if (!hasDisplay(env, platform)) throw displayMissing('A visible browser needs a display.', env);
}
