/** Who sends a request. A command has the handlers in its own process, and no caller. */
export interface BrokerCaller {
  /** The worker's process ID. */
  readonly worker: number | undefined;
}
