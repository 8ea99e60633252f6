import type { AuthSessionsError } from '../../core/errors.js';
import { createHiddenFailures, type HiddenFailures } from './hidden-failures.js';
import { budgetSpent, rateLimited } from './refusals.js';
import { untilPanic } from './sdk-panics.js';

/** The SDK's requests of one vault: counted, limited, and never longer than their time. */
export interface SdkRequests {
  /** Runs what asks the SDK, with its requests in view; ends, too, when the SDK breaks down. */
  watch<Result>(work: () => Promise<Result>): Promise<Result>;
  /** What failed behind the SDK's words. */
  readonly failures: HiddenFailures;
  /** How many have left so far. */
  count(): number;
  /** Why none may leave any more in this run; each asker gets this very error. */
  refusal(): AuthSessionsError | undefined;
  /** From now on none leaves: for what is known only from the SDK's words. The first reason stays. */
  refuse(error: AuthSessionsError): AuthSessionsError;
  /** Another token asks from now on; see `deviceOf`. */
  setDevice(device: string | undefined): void;
  /** A new run in the same process: the budget is whole again, and a rate limit is over if its time is. */
  forgetFailures(): void;
}

export interface SdkRequestsOptions {
  /** See `deviceOf`. */
  readonly device: string | undefined;
  readonly maxRequests: number;
  /** Of one request, its answer's body included. */
  readonly timeoutMs: number;
  readonly nowMs: () => number;
}

/**
 * The SDK sends through the global `fetch`, which it looks up for each request. While a call of it is under way,
 * that is a function that lets everybody else's requests pass, and counts the SDK's.
 */
export function createSdkRequests(options: SdkRequestsOptions): SdkRequests {
  const { maxRequests, timeoutMs, nowMs } = options;
  const failures = createHiddenFailures();
  let count = 0;
  let countBefore = 0;
  let refusal: AuthSessionsError | undefined;
  let retryAtMs = 0;
  let current = new AbortController();

  const gate: Gate = {
    device: options.device,
    async send(request, send) {
      if (count - countBefore >= maxRequests) refusal ??= budgetSpent(maxRequests);
      if (refusal) throw refusal;
      count += 1;
      const signal = AbortSignal.any([request.signal, current.signal, AbortSignal.timeout(timeoutMs)]);
      const response = await send(request, { signal }).catch((error: unknown) => {
        failures.noteSilence(request);
        throw error;
      });
      await failures.noteAnswer(request, response);
      if (response.status === 429) limit(response.headers.get('retry-after'));
      return response;
    },
  };

  function abandon(): void {
    current.abort();
    current = new AbortController();
  }

  function limit(retryAfter: string | null): void {
    const knownMs = parseRetryAfter(retryAfter, nowMs());
    retryAtMs = knownMs ?? 0;
    refusal ??= rateLimited(knownMs, nowMs());
  }

  return {
    async watch(work) {
      const close = openGate(gate);
      try {
        return await untilPanic(work, abandon);
      } finally {
        close();
      }
    },
    failures,
    count: () => count,
    refusal: () => refusal,
    refuse: (error) => (refusal ??= error),
    setDevice(device) {
      gate.device = device;
    },
    forgetFailures() {
      countBefore = count;
      if (retryAtMs <= nowMs()) refusal = undefined;
    },
  };
}

interface Gate {
  device: string | undefined;
  send(request: Request, send: typeof fetch): Promise<Response>;
}

/** Open gates, a newer one last; a vault whose calls overlap is in it more than once. */
const gates: Gate[] = [];
let unwatchedFetch = globalThis.fetch;

function openGate(gate: Gate): () => void {
  gates.push(gate);
  if (globalThis.fetch !== watchedFetch) {
    unwatchedFetch = globalThis.fetch;
    globalThis.fetch = watchedFetch;
  }
  return () => {
    gates.splice(gates.lastIndexOf(gate), 1);
    // Whoever has put their own in its place since then takes it away as well.
    if (gates.length === 0 && globalThis.fetch === watchedFetch) globalThis.fetch = unwatchedFetch;
  };
}

const watchedFetch: typeof fetch = async (input, init) => {
  const gate =
    input instanceof Request && input.headers.has('x-agilebits-client') ? gateOf(input) : undefined;
  return gate ? gate.send(input as Request, unwatchedFetch) : unwatchedFetch(input, init);
};

/** `op-user-agent: 1|SDK|999999999|<device>|…` */
function gateOf(request: Request): Gate | undefined {
  const device = request.headers.get('op-user-agent')?.split('|')[3];
  return (
    gates.findLast((gate) => gate.device === device) ?? gates.findLast((gate) => gate.device === undefined)
  );
}

/** Seconds, or an HTTP date: RFC 9110 section 10.2.3. */
function parseRetryAfter(text: string | null, nowMs: number): number | undefined {
  if (text === null || text.trim() === '') return undefined;
  const seconds = Number(text);
  const atMs = Number.isFinite(seconds) ? nowMs + Math.max(0, seconds) * 1000 : Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs;
}
