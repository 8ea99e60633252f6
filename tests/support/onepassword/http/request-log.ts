import { matchesRequest } from './request-pattern.js';
import type { MatchableRequest, RequestPattern } from './request-pattern.js';

/** One request and how it ended. Never a body: the log may be printed. */
export interface LoggedRequest extends MatchableRequest {
  readonly whenMs: number;
  readonly userAgent: string | undefined;
  /** The faults that had a hand in it. */
  readonly faults: readonly string[];
  /** 0 as long as there is no answer, and for ever when the connection was reset. */
  readonly status: number;
  /** Why the server said no. */
  readonly refusal: string | undefined;
}

/** What has been asked since the server started, or since `clear`. A request counts when it arrives. */
export class RequestLog {
  readonly #requests: { -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] }[] = [];

  /** Notes a request; gives what notes its end. */
  add(
    request: Omit<LoggedRequest, 'status' | 'refusal'>,
  ): (end: { status: number; refusal?: string }) => void {
    const entry = { ...request, status: 0, refusal: undefined };
    this.#requests.push(entry);
    return ({ status, refusal }) => Object.assign(entry, { status, refusal });
  }

  list(pattern: RequestPattern = {}): readonly LoggedRequest[] {
    return this.#requests
      .filter((request) => matchesRequest(pattern, request))
      .map((request) => ({ ...request }));
  }

  clear(): void {
    this.#requests.length = 0;
  }
}
