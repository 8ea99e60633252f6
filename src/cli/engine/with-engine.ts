import {
  createBrokerService,
  type BrokerService,
  type BrokerServiceOptions,
} from '../../broker/broker-service.js';
import { isSwitchedOn } from '../../core/is-switched-on.js';
import { formatCodeWait } from '../../credentials/report-code-wait.js';
import type { SessionEvent } from '../../core/session-event.js';
import type { CommandContext } from '../terminal/command-context.js';
import type { FoundProject } from '../project/find-project.js';
import { headedPlan } from './headed-plan.js';
import { withTemporaryFolder } from '../files/with-temporary-folder.js';

/** The fixtures' own engine, in this process. */
export interface Engine extends Pick<
  BrokerService,
  'greeting' | 'handlers' | 'desk' | 'vaultMissing' | 'allowRefused'
> {
  /** What became of each session so far, in the order it happened. */
  readonly events: readonly SessionEvent[];
}

export interface EngineOptions {
  readonly project: FoundProject;
  readonly context: CommandContext;
  /** Flows' browsers are shown. [false] */
  readonly headed?: boolean;
  /** The session whose flow is about to be recorded: its file need not be there. */
  readonly flowToCome?: string;
  /** Without a vault credential on CI it ends at once, as a run does; else only what asks the vault does. [true] */
  readonly needsVault?: boolean;
}

/**
 * Lends the engine, and closes what it has opened: browsers, leases, whatever waits. Ctrl-C closes it at once. What
 * browsers write meanwhile goes with the command.
 */
export async function withEngine<Result>(
  options: EngineOptions,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  options.context.signal.throwIfAborted();
  return withTemporaryFolder(() => lendEngine(options, work));
}

async function lendEngine<Result>(
  { project, context, headed = false, flowToCome, needsVault = true }: EngineOptions,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const { env, signal, redactor } = context;
  const events: SessionEvent[] = [];
  const options: BrokerServiceOptions = {
    sessionsFile: project.sessionsFile,
    projectFolder: project.folder,
    ...project.secrets,
    accessFile: undefined,
    onCi: isSwitchedOn(env.CI),
    debugging: isSwitchedOn(env.PWDEBUG),
    plans: Object.fromEntries(
      project.projects.map(({ name, plan }) => [name, headed ? headedPlan(plan) : plan] as const),
    ),
    failures: [],
    flowToCome,
    needsVault,
    redactor,
    onEvent: (event) => events.push(event),
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
