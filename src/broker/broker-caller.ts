import type { PhasePath } from '../core/acquire-phase.js';

/** Who sends a request. A command has the handlers in its own process, and no caller. */
export interface BrokerCaller {
  /** The worker's process ID. */
  readonly worker: number | undefined;
  /** Called with what the request waits for. */
  readonly onPhase?: ((path: PhasePath) => void) | undefined;
}
