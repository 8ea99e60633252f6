import { createBrokerService, type BrokerService } from '../broker/broker-service.js';
import type { SessionEvent } from '../core/session-event.js';
import type { CommandContext } from './command-context.js';
import type { FoundProject } from './find-project.js';
import { headedPlan } from './headed-plan.js';

/** The fixtures' own engine, in this process. */
export interface Engine extends Pick<BrokerService, 'greeting' | 'handlers' | 'desk'> {
  /** What became of each session so far, in the order it happened. */
  readonly events: readonly SessionEvent[];
}

export interface EngineOptions {
  /** Flows' browsers are shown. [false] */
  readonly headed?: boolean;
  /** The session whose flow is about to be recorded: its file need not be there. */
  readonly flowToCome?: string;
}

/** Lends the engine, and closes what it has opened: browsers, leases, whatever waits. Ctrl-C closes it at once. */
export async function withEngine<Result>(
  project: FoundProject,
  { headed = false, flowToCome }: EngineOptions,
  context: CommandContext,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const { env, signal, redactor } = context;
  signal.throwIfAborted();
  const events: SessionEvent[] = [];
  const quiet = quietenFlows(context);
  const service = await createBrokerService({
    sessionsFile: project.sessionsFile,
    projectFolder: project.folder,
    ...project.secrets,
    accessFile: undefined,
    onCi: isSet(env.CI),
    debugging: isSet(env.PWDEBUG),
    plans: Object.fromEntries(
      project.projects.map(({ name, plan }) => [name, headed ? headedPlan(plan) : plan] as const),
    ),
    failures: [],
    flowToCome,
    redactor,
    onEvent: (event) => events.push(event),
  }).catch((error: unknown) => {
    quiet();
    throw error;
  });
  const close = () => void service.close();
  signal.addEventListener('abort', close);
  if (signal.aborted) close();
  try {
    return await work({ ...service, events });
  } finally {
    signal.removeEventListener('abort', close);
    await service.close();
    quiet();
  }
}

/**
 * Standard output is the command's own: what flows print goes to standard error, without values. What they leave
 * behind and fails later is told, and ends nothing.
 */
function quietenFlows(context: CommandContext): () => void {
  const { log, info, debug, error, warn } = console;
  const tell = (...texts: unknown[]) => context.note(texts.map(String).join(' '));
  Object.assign(console, { log: tell, info: tell, debug: tell, error: tell, warn: tell });
  const survive = (cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    context.note(`A flow left something behind that failed: ${message.split('\n', 1)[0] ?? ''}`);
  };
  process.on('uncaughtException', survive);
  process.on('unhandledRejection', survive);
  return () => {
    Object.assign(console, { log, info, debug, error, warn });
    process.off('uncaughtException', survive);
    process.off('unhandledRejection', survive);
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}
