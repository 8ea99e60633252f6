import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuthSessionsError } from '../../core/errors.js';
import { createHiddenFailures, type HiddenFailures } from './hidden-failures.js';
import { budgetSpent, rateLimited } from './refusals.js';
import { untilPanic } from './sdk-panics.js';

/** The SDK's requests to one vault: counted, limited in number, and each limited in time. */
export interface SdkRequests {
  /** Runs a function that uses the SDK, and tracks its requests. Also ends if the SDK crashes. */
  watch<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The actual failures behind the SDK's errors. */
  readonly failures: HiddenFailures;
  /** How many requests were sent. */
  count(): number;
  /** How many more the run may send. */
  left(): number;
  /** Why this run sends no more requests. Every caller gets this same error. */
  refusal(): AuthSessionsError | undefined;
  /** Blocks further requests, for a reason known only from the SDK's error. The first reason stays. */
  refuse(error: AuthSessionsError): AuthSessionsError;
  /** Another token is used from now on; see `deviceOf`. */
  setDevice(device: string | undefined): void;
  /** Starts a new run in the same process: resets the budget, and a rate limit whose time is up. */
  forgetFailures(): void;
}

export interface SdkRequestsOptions {
  /** See `deviceOf`. */
  readonly device: string | undefined;
  readonly maxRequests: number;
  /** Time limit of one request, including the response's body. */
  readonly timeoutMs: number;
  readonly nowMs: () => number;
}

/**
 * Wraps the global `fetch`, which the SDK looks up for each request. While an SDK call is active, the wrapper passes on
 * other code's requests, and counts the SDK's.
 */
export function createSdkRequests(options: SdkRequestsOptions): SdkRequests {
  const { maxRequests, timeoutMs, nowMs } = options;
  const failures = createHiddenFailures();
  let count = 0;
  let countBefore = 0;
  let refusal: AuthSessionsError | undefined;
  let retryAtMs = 0;
  let current = new AbortController();
  const left = () => Math.max(0, maxRequests - (count - countBefore));

  const gate: Gate = {
    device: options.device,
    async send(request, send) {
      if (left() === 0) refusal ??= budgetSpent(maxRequests);
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
        return await calls.run(gate, () => untilPanic(work, abandon));
      } finally {
        close();
      }
    },
    failures,
    count: () => count,
    left,
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

/** The gate of the call that the current code runs in. */
const calls = new AsyncLocalStorage<Gate>();

/** Open gates, the newest last. A vault with overlapping calls appears more than once. */
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
    // Other code that has replaced `fetch` since then also restores it.
    if (gates.length === 0 && globalThis.fetch === watchedFetch) globalThis.fetch = unwatchedFetch;
  };
}

const watchedFetch: typeof fetch = async (input, init) => {
  const gate = input instanceof Request ? gateOf(input) : undefined;
  return gate ? gate.send(input as Request, unwatchedFetch) : unwatchedFetch(input, init);
};

/**
 * `op-user-agent: 1|SDK|999999999|<device>|…`. Under workload identity the SDK sends no such header: its requests are
 * those of the call that they begin in, or of one that overlaps with it. Only the SDK gives `fetch` a `Request` there.
 */
function gateOf(request: Request): Gate | undefined {
  if (!request.headers.has('x-agilebits-client')) return calls.getStore();
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
