import type { Redactor } from '../../redaction/redactor.js';

export interface MoveOptions {
  readonly redactor: Redactor;
  readonly flows: FlowPlace;
  /** The sessions of a project that is set up already: a move before may have left others. */
  readonly declared?: readonly string[] | undefined;
}

/** Where flows are written. */
export interface FlowPlace {
  readonly folder: string;
  readonly extension: string;
  /** Whether the sessions file uses the name of a flow's variable for something else. */
  readonly isTaken: (flow: string) => boolean;
}
