import { typedSecret } from './describe-call.js';
import type { TrailStep } from './trail-step.js';

/**
 * The names of the secrets that a flow typed before it clicked or pressed something, as redacted: `admin.password`. The
 * last one first.
 */
export function sentSecrets(
  steps: readonly TrailStep[],
  redact: (text: string) => string,
): readonly string[] {
  const sentAt = steps.findLastIndex(
    ({ call, endedMs, error }) => sending.has(call.method) && endedMs !== undefined && error === undefined,
  );
  const typed = steps.slice(0, sentAt + 1).flatMap(({ call }) => typedSecret(call, redact) ?? []);
  return [...new Set(typed.toReversed())];
}

const sending = new Set(['click', 'dblclick', 'tap', 'press', 'keyboardPress', 'dispatchEvent']);
