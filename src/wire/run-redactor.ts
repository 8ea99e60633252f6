import { createRedactor } from '../redaction/redactor.js';
import { SecretValue } from '../core/secret-value.js';
import type { KnownSecret, LedgerPage } from './secret-ledger.js';

/**
 * What this process, a runner or a worker, knows of the run's secrets. In a worker only those that it may ask for;
 * in the runner all.
 */
export const runRedactor = createRedactor();

/** With the time each became known: what was written before could not be redacted then. */
export const runSecrets: KnownSecret[] = [];

let position: { readonly ledger: string; readonly count: number } | undefined;

const listeners = new Set<(secret: KnownSecret) => void>();

/** Hears of each from now on. */
export function onSecret(listener: (secret: KnownSecret) => void): void {
  listeners.add(listener);
}

export function learnSecret(secret: KnownSecret): void {
  runSecrets.push(secret);
  runRedactor.add(new SecretValue(secret.value, secret.label, { kind: secret.kind }));
  for (const listener of listeners) listener(secret);
}

/** What a worker says it has, with each question. */
export function ledgerPosition(): string | undefined {
  return position && `${position.ledger} ${position.count}`;
}

export function learnPage({ ledger, count, secrets }: LedgerPage): void {
  // Two questions at the same time are answered in any order.
  if (position?.ledger === ledger && position.count >= count) return;
  const known =
    position?.ledger === ledger ? secrets.slice(secrets.length - (count - position.count)) : secrets;
  for (const secret of known) learnSecret(secret);
  position = { ledger, count };
}
