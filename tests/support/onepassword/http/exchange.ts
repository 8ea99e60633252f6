import type { Account } from '../model/account.js';
import type { ServiceAccount } from '../model/service-account.js';
import type { RouteName } from '../routes/route.js';
import type { Session } from './session.js';

/** One request, as far as it is understood before it is answered. */
export interface Exchange {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly path: string;
  /** Host name without port, as the client wrote it. */
  readonly host: string;
  readonly mac: string | undefined;
  readonly authorization: string | undefined;
  readonly route: RouteName;
  /** Parts of the path that vary: the vault's id, the item's id. */
  readonly parameters: readonly string[];
  readonly body: string;
  readonly session: Session | undefined;
  readonly account: Account | undefined;
  readonly serviceAccount: ServiceAccount | undefined;
}

/** What goes back. `json` is sealed for the session when `sealed`; `text` goes as it is. */
export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly sealed?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Why the server says no; written to the request log. */
  readonly refusal?: string;
  readonly delivery?: Delivery;
}

/** How much of the answer arrives. */
export type Delivery =
  | { readonly kind: 'whole' }
  /** The first bytes; then the connection breaks, or the answer ends as if that had been all. */
  | { readonly kind: 'part'; readonly bytes: number; readonly ending: 'broken' | 'clean' }
  | { readonly kind: 'drip'; readonly everyMs: number }
  | { readonly kind: 'garbled' }
  | { readonly kind: 'reset' };

/** Thrown to answer a request in another way than it asks. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, reason: string, headers: Readonly<Record<string, string>> = {}) {
    super(reason);
    this.status = status;
    this.headers = headers;
  }
}

/** A refusal for asking too often, with the seconds to wait. */
export function tooManyRequests(seconds: number): Refusal {
  return new Refusal(429, 'rate limit', { 'retry-after': String(seconds) });
}
