import { firstLine } from '../core/first-line.js';
import { printable } from '../core/printable.js';
import { withPublicUrls } from '../core/public-url.js';

/** Why a browser did not start, from Playwright's error, whose first line often says only that it closed. */
export interface LaunchTrouble {
  readonly known: string;
  /** What to do about it. [install the browser again] */
  readonly next?: string;
}

export function launchTrouble(error: unknown, browserName: string): LaunchTrouble {
  const text = error instanceof Error ? error.message : String(error);
  const installLibraries = `Install them, as root: npx playwright install-deps ${browserName}`;
  const library = /error while loading shared libraries: ([\w.+-]{1,100}):/.exec(text)?.[1];
  if (library !== undefined)
    return { known: `The system lacks libraries that it needs, such as ${library}.`, next: installLibraries };
  if (/host system is missing dependencies/i.test(text))
    return { known: 'The system lacks libraries that it needs.', next: installLibraries };
  if (/sandboxing failed|no usable sandbox/i.test(text))
    return {
      known: 'Its sandbox does not work on this system.',
      next: 'Allow unprivileged user namespaces, or set chromiumSandbox: false in launchOptions.',
    };
  const said = /^\[pid=\d+\]\[err\] (.*)$/m.exec(text)?.[1];
  const short = said === undefined ? firstLine(text) : `It said: ${printable(said).slice(0, longest)}`;
  // A remote browser's URL may contain a token in its query.
  return { known: withPublicUrls(short) };
}

const longest = 200;
