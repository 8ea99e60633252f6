import type { PlaywrightCall } from './playwright-calls.js';

export interface CallWords {
  /** Formats a selector as a locator: `getByLabel('Password')`. */
  readonly locate: (selector: string) => string;
  readonly redact: (text: string) => string;
}

/**
 * Describes a call: `goto /sign-in`, `fill getByLabel('Password') [redacted:admin.password]`. Shows typed text only if
 * all of it is a named secret, and only the path of a URL.
 */
export function describeCall({ type, method, params }: PlaywrightCall, words: CallWords): string {
  const text = (name: string) => (typeof params[name] === 'string' ? params[name] : undefined);
  const [selector, url, event] = [text('selector'), text('url'), text('event')];
  if (method === '__waitInfo__') return `wait for ${event === '' ? 'a navigation' : (event ?? 'an event')}`;
  if (type === 'APIRequestContext' && method === 'fetch')
    return words.redact(`${text('method') ?? 'GET'} ${pathOf(url ?? '')}`);
  const typed = typedNames.map(text).find((value) => value !== undefined);
  const parts = [
    names[method] ?? method,
    method === 'goto' && url !== undefined && pathOf(url),
    selector !== undefined && words.locate(selector),
    typed !== undefined && typedWords(typed, words.redact),
    method === 'keyboardPress' || method === 'press' ? keyWords(text('key')) : undefined,
  ];
  return words.redact(parts.filter((part) => typeof part === 'string' && part !== '').join(' '));
}

/** The query and fragment of a URL may contain credentials. */
function pathOf(url: string): string {
  const inline = /^(data|javascript|blob):/i.exec(url)?.[0];
  if (inline !== undefined) return `${inline}…`;
  const [, origin = '', path = '', rest = ''] =
    /^([a-z][a-z\d+.-]*:\/\/[^/?#]*)?([^?#]*)(.*)$/is.exec(url) ?? [];
  return `${origin.replace(/\/\/[^@]*@/, '//')}${path || '/'}${rest === '' ? '' : '?…'}`;
}

/** The name of the secret that a call types, and nothing else: `admin.password`. */
export function typedSecret(
  { params }: Pick<PlaywrightCall, 'params'>,
  redact: CallWords['redact'],
): string | undefined {
  const value = typedNames.map((name) => params[name]).find((one) => typeof one === 'string');
  return value === undefined ? undefined : secretIn(redact(value));
}

function typedWords(value: string, redact: CallWords['redact']): string {
  const redacted = redact(value);
  return secretIn(redacted) === undefined ? '[typed]' : redacted;
}

/** The name of a pool's secret has brackets: `customer[1].password`. */
function secretIn(redacted: string): string | undefined {
  return /^\[redacted:((?:[^[\]]|\[\d+\])+)\]$/.exec(redacted)?.[1];
}

/** Names of keys such as Enter and Tab. A single character may be part of a password. */
function keyWords(key: string | undefined): string {
  return key !== undefined && /^[A-Z][A-Za-z]{2,}$/.test(key) ? key : '[typed]';
}

const typedNames = ['value', 'text'];
const names: Readonly<Record<string, string>> = {
  waitForSelector: 'wait for',
  keyboardPress: 'press',
  keyboardType: 'type',
  keyboardInsertText: 'type',
  evaluateExpression: 'evaluate',
  evaluateExpressionHandle: 'evaluate',
  expect: 'expect',
};
