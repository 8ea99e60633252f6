import { createRedactor } from '../redaction/redactor.js';
import { SecretValue } from '../core/secret-value.js';
import type { KnownSecret, LedgerPage } from './secret-ledger.js';

/** The run's secrets in this process. The runner knows all of them, a worker only those that it may get. */
export const runRedactor = createRedactor();

/** With the time each became known: anything written earlier could not be redacted. */
export const runSecrets: KnownSecret[] = [];

let position: { readonly ledger: string; readonly count: number } | undefined;

const listeners = new Set<(secret: KnownSecret) => void>();

/** Calls the listener with each new secret. */
export function onSecret(listener: (secret: KnownSecret) => void): void {
  listeners.add(listener);
}

export function learnSecret(secret: KnownSecret): void {
  runSecrets.push(secret);
  runRedactor.add(new SecretValue(secret.value, secret.label, { kind: secret.kind }));
  for (const listener of listeners) listener(secret);
}

/** The worker's position in the ledger, sent with each request. */
export function ledgerPosition(): string | undefined {
  return position && `${position.ledger} ${position.count}`;
}

export function learnPage({ ledger, count, secrets }: LedgerPage): void {
  // Concurrent requests may be answered in any order.
  if (position?.ledger === ledger && position.count >= count) return;
  const known =
    position?.ledger === ledger ? secrets.slice(secrets.length - (count - position.count)) : secrets;
  for (const secret of known) learnSecret(secret);
  position = { ledger, count };
}
