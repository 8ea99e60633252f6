import type { FlowJob } from '../core/ports.js';
import type { CallWatcher } from './playwright-calls.js';

/** Throws if the job must not go on: it was stopped, or its lease is over. */
export function requireLeave({ signal, mayGoOn }: FlowJob): void {
  mayGoOn?.();
  signal.throwIfAborted();
}

/** Lets a flow's calls reach the application only while its job may go on. */
export function onlyWithLeave(job: FlowJob, watcher: CallWatcher = watchNothing): CallWatcher {
  return (call) => {
    requireLeave(job);
    return watcher(call);
  };
}

const watchNothing: CallWatcher = () => () => undefined;
