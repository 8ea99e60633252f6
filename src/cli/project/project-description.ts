import type { BrowserPlan } from '../../browser/browser-plan.js';
import type { DeclaredSecret } from '../../core/read-declared-secrets.js';
import type { SecretVariable } from '../../core/redact-options.js';
import type { RunSecrets } from '../../credentials/run-secrets.js';

/** What the command line has to know of a Playwright project, as Playwright itself has read its config. */
export interface ProjectDescription {
  /** As `withAuthSessions` was given it, relative to the config; `undefined` when the config does not use it. */
  readonly sessionsFile: string | undefined;
  /** Where runs write: Playwright, and each reporter; a file where a reporter writes one. Absolute. */
  readonly outputFolders: readonly string[];
  readonly projects: readonly DescribedProject[];
  readonly wiring: Wiring;
  readonly playwrightVersion: string;
  /** Whether runs start the application, by the config's `webServer`. The command line does not. */
  readonly webServer: boolean;
  /** What the config has set besides: dotenv files are often read there. */
  readonly env: Readonly<Record<string, string>>;
  /** The vault's credential and the store's key, which `withAuthSessions` takes out of the environment. */
  readonly secrets: RunSecrets | { readonly error: ProbeError };
  /** Secrets of no session, with what tests take out of each. */
  readonly declared: readonly DeclaredSecret[];
  /** Variables that are declared as secret and not set here. */
  readonly unset: readonly Required<SecretVariable>[];
}

/** What Playwright said of a config, and printed. */
export interface PlaywrightAnswer {
  /** `undefined` when the config could not be loaded. */
  readonly description: ProjectDescription | undefined;
  readonly output: string;
}

/** Has Playwright read a config. */
export type AskPlaywright = (
  configFile: string,
  options: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
) => Promise<PlaywrightAnswer>;

export interface DescribedProject {
  readonly name: string;
  readonly baseURL: string | undefined;
  readonly plan: BrowserPlan;
}

/** Whether what `withAuthSessions` adds is still where it was put. */
export interface Wiring {
  /** `undefined` when it could not be seen. */
  readonly reporters: readonly string[] | undefined;
  readonly globalSetups: readonly string[] | undefined;
}

export interface ProbeError {
  readonly code: string;
  readonly failed: string;
  readonly known: string | undefined;
  readonly next: string;
}
