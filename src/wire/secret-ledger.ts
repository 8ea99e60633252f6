import type { Redactor } from '../redaction/redactor.js';
import type { SecretValue } from '../core/secret-value.js';

/** A secret sent to another process of the run, so that it can be redacted there. */
export interface KnownSecret {
  readonly label: string;
  readonly value: string;
  readonly kind: SecretValue['kind'];
  readonly sinceMs: number;
}

/** Secrets that a worker does not know yet. */
export interface LedgerPage {
  /** ID of the broker's ledger. A restarted broker begins a new one. */
  readonly ledger: string;
  /** Position in the ledger after these. */
  readonly count: number;
  readonly secrets: readonly KnownSecret[];
}

export interface SecretLedger {
  /** Every secret added to it is in the ledger. */
  readonly redactor: Redactor;
  /** `undefined` if there is nothing new. */
  pageAfter(ledger: string | undefined, count: number): LedgerPage | undefined;
}

export interface SecretLedgerOptions {
  readonly redactor: Redactor;
  readonly id: string;
  readonly nowMs: () => number;
  /** Called with every secret, including confined ones, for the runner. */
  readonly onSecret: (secret: KnownSecret) => void;
}

/**
 * Keeps a run's secrets in the order in which they became known. Workers get new ones with each answer, before a page
 * can show them. Confined secrets (the vault's credential, keys and seeds) never reach workers.
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
        return redactor.reach; // it grows with the known values
      },
    },
    pageAfter(ledger, count) {
      const secrets = told.slice(ledger === id ? count : 0);
      return secrets.length === 0 ? undefined : { ledger: id, count: told.length, secrets };
    },
  };
}
