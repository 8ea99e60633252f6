import { AuthSessionsError } from '../../core/errors.js';

/**
 * Requires a display before anyone signs in: the error of a browser without one only says that it closed.
 *
 * @throws AuthSessionsError `ERR_DISPLAY_MISSING`
 */
export function requireDisplay(
  { DISPLAY, WAYLAND_DISPLAY }: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): void {
  if (platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY) return;
  throw new AuthSessionsError('ERR_DISPLAY_MISSING', {
    failed: 'A visible browser needs a display.',
    known: 'Neither DISPLAY nor WAYLAND_DISPLAY is set.',
    next: 'Run it on a machine with a display, or prefix the command with "xvfb-run" to use an invisible one.',
  });
}
