import { open } from '../crypto/envelope.js';
import type { Envelope, SymmetricKey } from '../crypto/envelope.js';
import { Refusal } from '../http/exchange.js';

/** The object in a request's body. @throws Refusal 400 */
export function readJson(body: string): Readonly<Record<string, unknown>> {
  const value = parseObject(body);
  if (!value) throw new Refusal(400, 'no JSON object');
  return value;
}

/** The JSON that a body is the envelope of. @throws Refusal 400 when it was altered, or sealed for another session */
export function readSealed(body: string, key: SymmetricKey): unknown {
  const envelope = readJson(body) as unknown as Envelope;
  try {
    return open(envelope, key);
  } catch {
    throw new Refusal(400, 'message cannot be opened');
  }
}

/** A text in an object; empty when it is not there. */
export function readText(value: Readonly<Record<string, unknown>> | undefined, name: string): string {
  const text = value?.[name];
  return typeof text === 'string' ? text : '';
}

export function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
