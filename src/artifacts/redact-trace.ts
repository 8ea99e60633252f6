import { isSearchable } from '../redaction/common-values.js';
import { traceLinePolicy } from '../redaction/field-policy.js';
import { redactFields } from '../redaction/redact-fields.js';
import { parseJson } from '../redaction/redact-json.js';
import type { Redactor } from '../redaction/redactor.js';
import { mayHaveHeaders, redactHeaders } from './redact-headers.js';

/**
 * Redacts the lines of a trace (`*.trace`, `*.network`): each is a JSON document. Other lines stay byte for byte. The
 * format is that of Playwright 1.65.1; a line that is not JSON is redacted as text.
 */
export function redactTraceLines(content: Buffer, redactor: Redactor): Buffer {
  const hits = redactor.search(content).map(({ start }) => start);
  const numbers = knownNumbers(redactor);
  const lines: Buffer[] = [];
  let isChanged = false;
  let nextHit = 0;
  for (let start = 0; start < content.length;) {
    const newline = content.indexOf(0x0a, start);
    const end = newline === -1 ? content.length : newline + 1;
    const line = content.subarray(start, end);
    let hasHit = false;
    for (; (hits[nextHit] ?? Infinity) < end; nextHit++) hasHit = true;
    const redacted = redactLine(line, { hasHit, numbers, redactor });
    lines.push(redacted);
    isChanged ||= redacted !== line;
    start = end;
  }
  return isChanged ? Buffer.concat(lines) : content;
}

interface LineOptions {
  readonly hasHit: boolean;
  readonly numbers: RegExp | undefined;
  readonly redactor: Redactor;
}

function redactLine(line: Buffer, { hasHit, numbers, redactor }: LineOptions): Buffer {
  const text = line.toString();
  const hasHeaders = mayHaveHeaders(text);
  const hasSecret = hasHit || text.includes(jsonEscape) || numbers?.test(text) === true;
  if (!hasSecret && !hasHeaders) return line;
  const parsed = parseJson(text);
  if (parsed === undefined) return redactor.redactBytes(line);
  const policy = traceLinePolicy(typeOf(parsed)) ?? 'text';
  const redacted = hasSecret ? redactFields(parsed, { policy, redactor }) : parsed;
  const whole = hasHeaders ? redactHeaders(redacted) : redacted;
  if (whole === parsed) return line;
  const written = JSON.stringify(whole) + (text.endsWith('\n') ? '\n' : '');
  return written === text ? line : Buffer.from(written);
}

function typeOf(line: unknown): unknown {
  return typeof line === 'object' && line !== null && 'type' in line ? line.type : undefined;
}

/** Finds lines that may contain values that the search for whole tokens and long values skips. */
function knownNumbers(redactor: Redactor): RegExp | undefined {
  const values = [...redactor.secrets()]
    .map((secret) => secret.reveal())
    .filter((value) => !isSearchable(value) || /^\d{6,15}$/.test(value))
    .map((value) => (/^\d+$/.test(value) ? value.replace(/^0+/, '') : JSON.stringify(value).slice(1, -1)))
    .map((value) => value.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  return values.length === 0 ? undefined : new RegExp(values.join('|'));
}

/** A value with colour codes inside is found after they are removed. */
const jsonEscape = '\\u001b[';
