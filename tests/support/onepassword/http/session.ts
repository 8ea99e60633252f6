import type { SymmetricKey } from '../crypto/envelope.js';
import { parseRequestMac, requestTag, sameText } from '../crypto/request-mac.js';
import type { SrpAgreement } from '../crypto/srp.js';
import type { Account } from '../model/account.js';
import { createId } from '../model/id.js';
import type { ServiceAccount } from '../model/service-account.js';
import type { Exchange } from './exchange.js';
import { Refusal } from './exchange.js';

/** A client's signed-in state, and the way to it: started, agreed on a key, proved. */
export class Session {
  readonly id = createId();
  readonly account: Account;
  readonly serviceAccount: ServiceAccount;
  readonly #seenRequestIds = new Set<string>();
  #agreement: SrpAgreement | undefined;
  #state: 'started' | 'agreed' | 'proved' | 'expired' = 'started';

  constructor(account: Account, serviceAccount: ServiceAccount) {
    this.account = account;
    this.serviceAccount = serviceAccount;
  }

  /** Only once: a second A would let a client try proofs against one B. */
  agree(agreement: SrpAgreement): void {
    if (this.#state !== 'started') throw new Refusal(401, `sign-in is ${this.#state} already`);
    this.#agreement = agreement;
    this.#state = 'agreed';
  }

  /** Checks the client's proof and gives the server's. A wrong one ends the session. */
  prove(clientProof: string): string {
    if (this.#state !== 'agreed' || !this.#agreement) throw new Refusal(401, `sign-in is ${this.#state}`);
    if (!sameText(clientProof, this.#agreement.clientProof.toString('base64url'))) {
      this.expire();
      throw new Refusal(401, 'wrong client proof');
    }
    this.#state = 'proved';
    return this.#agreement.serverProof.toString('base64url');
  }

  /** The key of a session whose both ends proved that they have it. */
  get key(): SymmetricKey {
    if (this.#state !== 'proved' || !this.#agreement) throw new Refusal(401, `session is ${this.#state}`);
    return { kid: this.id, bytes: this.#agreement.sessionKey };
  }

  /** Refuses a request without a right MAC, and one that was made before. */
  verify({ method, path, host, mac: header }: Exchange): void {
    const key = this.key;
    const mac = parseRequestMac(header);
    if (!mac) throw new Refusal(401, 'no request MAC');
    const tag = requestTag(key.bytes, { sessionId: this.id, method, host, path }, mac.requestId);
    if (!sameText(tag, mac.tag)) throw new Refusal(401, 'wrong request MAC');
    if (this.#seenRequestIds.has(mac.requestId)) throw new Refusal(401, 'replayed request');
    this.#seenRequestIds.add(mac.requestId);
  }

  expire(): void {
    this.#state = 'expired';
  }
}
