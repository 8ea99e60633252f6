import { AuthSessionsError } from '../../core/errors.js';

/**
 * For a browser with a window. Said before anybody is signed in: the browser itself would only say that it has gone.
 *
 * @throws AuthSessionsError `ERR_DISPLAY_MISSING`
 */
export function requireDisplay(
  { DISPLAY, WAYLAND_DISPLAY }: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): void {
  if (platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY) return;
  throw new AuthSessionsError('ERR_DISPLAY_MISSING', {
    failed: 'There is no display to show a browser on.',
    known: 'Neither DISPLAY nor WAYLAND_DISPLAY is set.',
    next: 'Run it at a desk; or put "xvfb-run" before the command, and nobody sees it.',
  });
}
