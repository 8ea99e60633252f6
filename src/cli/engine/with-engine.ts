import type { BrowserPlan } from '../../browser/browser-plan.js';
import type { BrokerServiceOptions } from '../../broker/broker-options.js';
import { createBrokerService, type BrokerService } from '../../broker/broker-service.js';
import { isSwitchedOn } from '../../core/is-switched-on.js';
import type { SessionEvent } from '../../core/session-event.js';
import { formatCodeWait } from '../../credentials/report-code-wait.js';
import { withTemporaryFolder } from '../files/with-temporary-folder.js';
import type { SignInDebug, SignInTrace } from '../../flow/flow-options.js';
import type { FoundSuite } from '../suite/find-suite.js';
import { askForCode } from '../terminal/ask-for-code.js';
import type { CommandContext } from '../terminal/command-context.js';
import { headedPlan, slowPlan } from './headed-plan.js';

/** The engine that the fixtures use, in this process. */
export interface Engine extends Pick<
  BrokerService,
  | 'greeting'
  | 'handlers'
  | 'desk'
  | 'vaultMissing'
  | 'allowRefused'
  | 'readUses'
  | 'readEvents'
  | 'whileUsing'
> {
  /** Events of sessions so far, in order. */
  readonly events: readonly SessionEvent[];
}

export interface EngineOptions {
  readonly suite: FoundSuite;
  readonly context: CommandContext;
  /** Whether to show the flows' browsers. [false] */
  readonly headed?: boolean;
  /** Keeps a redacted trace of each sign-in. [none] */
  readonly trace?: SignInTrace | undefined;
  /** A person who steps through the sign-in, in a visible browser. [nobody] */
  readonly debug?: SignInDebug | undefined;
  /** Whether a flow may ask a person at the terminal. [false] */
  readonly asksPerson?: boolean;
  /** The session whose flow will be recorded: its file may be missing. */
  readonly flowToCome?: string;
  /**
   * On CI without a vault credential, throw at once, as a run does. If `false`, throw only when the vault is used.
   * [true]
   */
  readonly needsVault?: boolean;
}

/**
 * Runs `work` with the engine, and then closes browsers, leases and waits, on Ctrl-C at once. Temporary files of
 * browsers are removed with the command.
 */
export async function withEngine<Result>(
  options: EngineOptions,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  options.context.signal.throwIfAborted();
  return withTemporaryFolder(() => lendEngine(options, work));
}

async function lendEngine<Result>(
  {
    suite,
    context,
    headed = false,
    flowToCome,
    needsVault = true,
    asksPerson = false,
    trace,
    debug,
  }: EngineOptions,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const { env, signal, redactor } = context;
  const events: SessionEvent[] = [];
  const shown = (plan: BrowserPlan) => (debug ? slowPlan(plan) : headed ? headedPlan(plan) : plan);
  const options: BrokerServiceOptions = {
    sessionsFile: suite.sessionsFile,
    suiteFolder: suite.folder,
    ...suite.secrets,
    accessFile: undefined,
    onCi: isSwitchedOn(env.CI),
    debugging: isSwitchedOn(env.PWDEBUG),
    plans: Object.fromEntries(suite.projects.map(({ name, plan }) => [name, shown(plan)] as const)),
    failures: [],
    flowToCome,
    needsVault,
    redactor,
    trace,
    debug,
    askPerson: asksPerson ? askForCode(context) : undefined,
    onEvent: (event) => events.push(event),
    onUseWait: (line) => context.note(`${line}.`),
    onCodeWait: (about, wait) => context.progress.during(formatCodeWait(about), wait),
  };
  const service = await context.progress.during('loading the sessions', () => createBrokerService(options));
  const close = () => void service.close();
  signal.addEventListener('abort', close);
  if (signal.aborted) close();
  try {
    return await work({ ...service, events });
  } finally {
    signal.removeEventListener('abort', close);
    await service.close();
  }
}
