import type { FlowJob } from '../core/ports.js';

/** Throws if the job must not go on: it was stopped, or its lease is over. */
export function requireLeave({ signal, mayGoOn }: FlowJob): void {
  mayGoOn?.();
  signal.throwIfAborted();
}
