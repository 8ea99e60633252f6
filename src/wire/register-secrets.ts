import { SecretValue } from '../core/secret-value.js';
import { knownSecrets, processMemory, runRedactor } from './process-memory.js';
import type { KnownSecret, LedgerPage } from './secret-ledger.js';

/** Calls the listener with each new secret. */
export function onSecret(listener: (secret: KnownSecret) => void): void {
  processMemory.secretListeners.add(listener);
}

export function registerSecret(secret: KnownSecret): void {
  knownSecrets.push(secret);
  runRedactor.add(new SecretValue(secret.value, secret.label, { kind: secret.kind }));
  for (const listener of processMemory.secretListeners) listener(secret);
}

/** The worker's position in the ledger, sent with each request. */
export function ledgerPosition(): string | undefined {
  const position = processMemory.ledgerPosition;
  return position && `${position.ledger} ${position.count}`;
}

export function registerPage({ ledger, count, secrets }: LedgerPage): void {
  const position = processMemory.ledgerPosition;
  // Concurrent requests may be answered in any order.
  if (position?.ledger === ledger && position.count >= count) return;
  const known =
    position?.ledger === ledger ? secrets.slice(secrets.length - (count - position.count)) : secrets;
  for (const secret of known) registerSecret(secret);
  processMemory.ledgerPosition = { ledger, count };
}
