import { typedSecret } from './describe-call.js';
import type { TrailStep } from './trail-step.js';

/**
 * The names of the secrets that a flow sent last, as redacted: `admin.password`. They were typed, and then the flow
 * clicked or pressed something. Those of an earlier form of the same sign-in do not count: it was accepted.
 */
export function sentSecrets(
  steps: readonly TrailStep[],
  redact: (text: string) => string,
): readonly string[] {
  let typed: string[] = [];
  let sent: readonly string[] = [];
  for (const { call, endedMs, error } of steps) {
    const secret = typedSecret(call, redact);
    if (secret !== undefined) typed.push(secret);
    const isSent = sending.has(call.method) && endedMs !== undefined && error === undefined;
    if (!isSent || typed.length === 0) continue;
    sent = [...new Set(typed.toReversed())];
    typed = [];
  }
  return sent;
}

const sending = new Set(['click', 'dblclick', 'tap', 'press', 'keyboardPress', 'dispatchEvent']);
