import { markerOf } from '../../core/redaction-marker.js';
import type { Redactor } from '../../core/redactor.js';

/**
 * Browsers cut long values in the middle when they tell of objects on the console: `{token: eyJhb…4fQ}`. The beginning
 * before an ellipsis is found as such; this is the end after it.
 */
export function redactTails(text: string, redactor: Redactor): string {
  const ellipses = [...text.matchAll(/…|\.\.\./g)];
  if (ellipses.length === 0) return text;
  const secrets = [...redactor.secrets()].filter((secret) => secret.reveal().length >= shortestCut);
  let redacted = '';
  let told = 0;
  for (const { index, 0: ellipsis } of ellipses) {
    const start = index + ellipsis.length;
    if (start < told) continue;
    const tail = secrets
      .map((secret) => ({ label: secret.label, length: tailLength(text, start, secret.reveal()) }))
      .reduce((longest, one) => (one.length > longest.length ? one : longest), { label: '', length: 0 });
    redacted += text.slice(told, start) + (tail.length > 0 ? markerOf(tail.label) : '');
    told = start + tail.length;
  }
  return redacted + text.slice(told);
}

/** How much of the value's end stands there. */
function tailLength(text: string, start: number, value: string): number {
  for (let length = Math.min(value.length, longestTail); length >= shortestTail; length -= 1)
    if (text.startsWith(value.slice(-length), start)) return length;
  return 0;
}

const shortestCut = 16;
const shortestTail = 6;
const longestTail = 500;
