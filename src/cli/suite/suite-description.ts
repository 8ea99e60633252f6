import type { BrowserPlan } from '../../browser/browser-plan.js';
import type { DeclaredSecret } from '../../core/read-declared-secrets.js';
import type { SecretVariable } from '../../core/redact-options.js';
import type { ConfinedSecrets } from '../../credentials/confined-secrets.js';

/** Facts about a suite, from Playwright's own reading of its config. */
export interface SuiteDescription {
  /** The argument of `withAuthSessions`, relative to the config; `undefined` if the config does not use it. */
  readonly sessionsFile: string | undefined;
  /** Absolute paths of the output of Playwright and of each reporter: folders or files. */
  readonly outputFolders: readonly string[];
  readonly projects: readonly DescribedProject[];
  readonly wiring: Wiring;
  readonly playwrightVersion: string;
  /** Whether the config's `webServer` starts the application. Commands do not start it. */
  readonly webServer: boolean;
  /** How many workers a run has here. */
  readonly workers: number;
  /** How many shards the config sets; mostly they are set on the command line instead. [1] */
  readonly shards: number;
  /** Variables that the config sets: configs often read dotenv files. */
  readonly env: Readonly<Record<string, string>>;
  /** The vault's credential and the store's key, which `withAuthSessions` removes from the environment. */
  readonly secrets: ConfinedSecrets | { readonly error: ProbeError };
  /** Declared secrets, with the parts that tests may use alone. */
  readonly declared: readonly DeclaredSecret[];
  /** Variables declared as secret but not set. */
  readonly unset: readonly Required<SecretVariable>[];
}

/** Playwright's description of a config, and its output. */
export interface PlaywrightAnswer {
  /** `undefined` if the config could not be loaded. */
  readonly description: SuiteDescription | undefined;
  readonly output: string;
}

/** Makes Playwright read a config. */
export type AskPlaywright = (
  configFile: string,
  options: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
) => Promise<PlaywrightAnswer>;

export interface DescribedProject {
  readonly name: string;
  readonly baseURL: string | undefined;
  /** The name in `use.authSession`. */
  readonly authSession?: string | undefined;
  readonly plan: BrowserPlan;
}

/** Whether everything that `withAuthSessions` adds is still in place. */
export interface Wiring {
  /** `undefined` if unknown. */
  readonly reporters: readonly string[] | undefined;
  readonly globalSetups: readonly string[] | undefined;
}

export interface ProbeError {
  readonly code: string;
  readonly failed: string;
  readonly known: string | undefined;
  readonly next: string;
}
