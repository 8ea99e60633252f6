import type { SecretValue } from '../core/secret-value.js';
import { createRedactor, type Redactor } from '../redaction/redactor.js';
import type { Message } from './intercept-sends.js';

/** The secrets that a message contains, in any written form, also as a part that is typed alone. */
export function findBound(
  { method, params }: Pick<Message, 'method' | 'params'>,
  secrets: Iterable<SecretValue>,
): SecretValue[] {
  const typed = typedText(method, params);
  return findIn(leavesOf(params), secrets, typed);
}

/** The secrets that texts and bytes contain. */
export function findIn(
  leaves: readonly Leaf[],
  secrets: Iterable<SecretValue>,
  typed?: string,
): SecretValue[] {
  return [...secrets].filter(
    (secret) =>
      leaves.some((leaf) => isIn(leaf, redactorOf(secret))) ||
      (typed !== undefined && isPart(typed, secret.reveal())),
  );
}

type Leaf = string | number | Uint8Array;

function leavesOf(value: unknown, depth = 0): Leaf[] {
  if (typeof value === 'string' || typeof value === 'number') return [value];
  if (value instanceof Uint8Array) return [value];
  if (typeof value !== 'object' || value === null || depth > deepest) return [];
  const entries: (readonly [string, unknown])[] = Object.entries(value);
  return entries.flatMap(([name, one]) => (depth === 0 && notSent.has(name) ? [] : leavesOf(one, depth + 1)));
}

function isIn(leaf: Leaf, redactor: Redactor): boolean {
  if (typeof leaf === 'number') return redactor.redactNumber(leaf) !== leaf;
  if (typeof leaf === 'string') return redactor.redactField(leaf) !== leaf;
  const bytes = Buffer.from(leaf.buffer, leaf.byteOffset, leaf.byteLength);
  return redactor.redactBytes(bytes) !== bytes || redactor.redactField(bytes.toString()) !== bytes.toString();
}

/** A flow may type a code digit by digit, or in halves. Other parts are too often ordinary words. */
function isPart(typed: string, value: string): boolean {
  const isTelling = typed.length === 1 || typed.length * 2 >= value.length;
  return typed !== '' && isTelling && value.includes(typed);
}

function typedText(method: string, params: Message['params']): string | undefined {
  const typed = [params.value, params.text].find((one) => typeof one === 'string');
  if (typeof typed === 'string' && typing.has(method)) return typed;
  const { key } = params;
  if (typeof key !== 'string' || !pressing.has(method)) return undefined;
  // `Shift+A` types, `Enter` and `Control+a` do not.
  const last = key === '+' ? key : key.replace(/^(?:Shift\+)+(?=.)/, '');
  return /^.$/su.test(last) ? last : undefined;
}

function redactorOf(secret: SecretValue): Redactor {
  const known = redactors.get(secret);
  if (known) return known;
  const redactor = createRedactor();
  redactor.add(secret);
  redactors.set(secret, redactor);
  return redactor;
}

const redactors = new WeakMap<SecretValue, Redactor>();
const typing: ReadonlySet<string> = new Set(['fill', 'type', 'keyboardType', 'keyboardInsertText']);
const pressing: ReadonlySet<string> = new Set(['press', 'keyboardPress', 'keyboardDown', 'keyboardUp']);
/** Selectors are evaluated where a page cannot see them. */
const notSent: ReadonlySet<string> = new Set(['selector', 'strict', 'timeout']);
const deepest = 40;
