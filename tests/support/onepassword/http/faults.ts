import type { Fault } from './fault.js';
import { matchesRequest } from './request-pattern.js';
import type { MatchableRequest } from './request-pattern.js';

export interface FaultHandle {
  /** How many requests it struck. */
  hits(): number;
  remove(): void;
}

/** The faults that are set, in the order they were set. */
export class Faults {
  readonly #random: () => number;
  #armed: readonly ArmedFault[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  add(fault: Fault): FaultHandle {
    const armed: ArmedFault = { fault, seen: 0, hits: 0 };
    this.#armed = [...this.#armed, armed];
    return {
      hits: () => armed.hits,
      remove: () => {
        this.#armed = this.#armed.filter((each) => each !== armed);
      },
    };
  }

  clear(): void {
    this.#armed = [];
  }

  /** The faults that strike this request. */
  strike(request: MatchableRequest): readonly Fault[] {
    return this.#armed.filter((armed) => this.#strikes(armed, request)).map(({ fault }) => fault);
  }

  #strikes(armed: ArmedFault, request: MatchableRequest): boolean {
    const { match = {}, nth, times = nth === undefined ? Infinity : 1, probability = 1 } = armed.fault;
    if (!matchesRequest(match, request)) return false;
    armed.seen += 1;
    if (armed.seen < (nth ?? 1) || armed.hits >= times || this.#random() >= probability) return false;
    armed.hits += 1;
    return true;
  }
}

interface ArmedFault {
  readonly fault: Fault;
  seen: number;
  hits: number;
}
