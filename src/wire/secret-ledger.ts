import type { Redactor } from '../redaction/redactor.js';
import type { SecretValue } from '../core/secret-value.js';

/** A secret on its way to another process of the run, so that it can be redacted there. */
export interface KnownSecret {
  readonly label: string;
  readonly value: string;
  readonly kind: SecretValue['kind'];
  readonly sinceMs: number;
}

/** What a worker has not heard of yet. */
export interface LedgerPage {
  /** Of a broker: the one that takes its place counts anew. */
  readonly ledger: string;
  /** How many it has had when these are learnt. */
  readonly count: number;
  readonly secrets: readonly KnownSecret[];
}

export interface SecretLedger {
  /** Whatever is added to it is in the ledger. */
  readonly redactor: Redactor;
  /** `undefined` when there is nothing new. */
  pageAfter(ledger: string | undefined, count: number): LedgerPage | undefined;
}

export interface SecretLedgerOptions {
  readonly redactor: Redactor;
  readonly id: string;
  readonly nowMs: () => number;
  /** Hears of every secret, the confined ones as well: the runner, that gave the first of them. */
  readonly onSecret: (secret: KnownSecret) => void;
}

/**
 * Keeps the secrets of a run in the order they became known. Workers learn them with each answer, before they can
 * meet one in a page; what is confined (the vault's credential, keys and seeds) is told to no worker.
 */
export function createSecretLedger({ redactor, id, nowMs, onSecret }: SecretLedgerOptions): SecretLedger {
  const seen = new Set<string>();
  const told: KnownSecret[] = [];
  function add(secret: SecretValue): void {
    const known = { label: secret.label, value: secret.reveal(), kind: secret.kind, sinceMs: nowMs() };
    const identity = JSON.stringify([known.kind, known.value, secret.confined]);
    if (known.value === '' || seen.has(identity)) return;
    seen.add(identity);
    redactor.add(secret);
    if (!secret.confined) told.push(known);
    onSecret(known);
  }
  return {
    redactor: {
      ...redactor,
      add,
      get reach() {
        return redactor.reach; // it grows with what is known
      },
    },
    pageAfter(ledger, count) {
      const secrets = told.slice(ledger === id ? count : 0);
      return secrets.length === 0 ? undefined : { ledger: id, count: told.length, secrets };
    },
  };
}
