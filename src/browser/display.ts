import { AuthSessionsError } from '../core/errors.js';

type Variables = Readonly<Record<string, string | number | boolean | undefined>>;

/** Whether a window can be shown, as far as the environment says. */
export function hasDisplay(
  { DISPLAY, WAYLAND_DISPLAY }: Variables,
  platform: NodeJS.Platform = process.platform,
): boolean {
  return platform !== 'linux' || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}

/** Whether a browser ended because no display answered, from the whole text of its error. */
export function speaksOfDisplay(text: string): boolean {
  return /missing x server|without having a xserver|cannot open display|unable to open x display/i.test(text);
}

/** The error of a window without a display: that of its browser only says that it closed. */
export function displayMissing(failed: string, env: Variables): AuthSessionsError {
  const display = [env.DISPLAY, env.WAYLAND_DISPLAY].find(Boolean);
  return new AuthSessionsError('ERR_DISPLAY_MISSING', {
    failed,
    known: display
      ? `Nothing answers at the display ${JSON.stringify(String(display))}.`
      : 'Neither DISPLAY nor WAYLAND_DISPLAY is set.',
    next: 'Run it on a machine with a display, prefix the command with "xvfb-run" to use an invisible one, or set headless: true.',
  });
}
