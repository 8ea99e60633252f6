/** So many requests in a window that begins with the first of them. */
export interface RateLimit {
  readonly reads: number;
  readonly windowSeconds: number;
}

/** Counts one token's or one account's reads, and says when the next one is allowed. */
export class RateLimiter {
  readonly #limit: RateLimit | undefined;
  readonly #nowMs: () => number;
  #windowEndsMs = 0;
  #reads = 0;
  #blockedUntilMs = 0;

  constructor(limit: RateLimit | undefined, nowMs: () => number) {
    this.#limit = limit;
    this.#nowMs = nowMs;
  }

  /** Seconds until a limit imposed by `block` is over; 0 without one. */
  blockedSeconds(): number {
    return Math.max(0, Math.ceil((this.#blockedUntilMs - this.#nowMs()) / 1000));
  }

  /** Counts a read. Gives the seconds to wait when the window has no more of them, and 0 when it has. */
  takeRead(): number {
    if (!this.#limit) return 0;
    const nowMs = this.#nowMs();
    if (nowMs >= this.#windowEndsMs) {
      this.#windowEndsMs = nowMs + this.#limit.windowSeconds * 1000;
      this.#reads = 0;
    }
    if (this.#reads >= this.#limit.reads) return Math.ceil((this.#windowEndsMs - nowMs) / 1000);
    this.#reads += 1;
    return 0;
  }

  /** Refuses everything for a while, sign-in too. */
  block(windowSeconds: number): void {
    this.#blockedUntilMs = this.#nowMs() + windowSeconds * 1000;
  }
}
