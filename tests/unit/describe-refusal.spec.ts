import { expect, test } from '@playwright/test';
import { formatRefusal, type RefusalOptions } from '../../src/flow/describe-refusal.js';
import { sentSecrets } from '../../src/flow/sent-secrets.js';
import type { TrailStep } from '../../src/flow/trail-step.js';

const options: RefusalOptions = {
  sent: ['admin.password', 'admin.username'],
  sources: new Map([
    ['username', 'op://qa/acme/username'],
    ['password', 'QA__ACME__PASSWORD in .env.auth-sessions'],
  ]),
  redact: (text) => text.replaceAll('ada@acme.example', '[redacted:admin.username]'),
};

test('a page that still asks for a password may have refused it: where it came from', () => {
  expect(formatRefusal({ words: '', asksPassword: true }, options)).toEqual({
    told:
      'The page still asks for a password. The application may have refused the credentials. ' +
      'Its password came from QA__ACME__PASSWORD in .env.auth-sessions.',
    isLikely: true,
  });
});

test("the application's words are shown on one line, redacted before they are cut", () => {
  const words = '  We do not recognize\n ada@acme.example  ';
  const { told } = formatRefusal({ words, asksPassword: true }, options);
  expect(told).toMatch(
    /^The page says "We do not recognize \[redacted:admin\.username\]"\. It still asks for a password\. The application/,
  );
  const long = formatRefusal({ words: 'x'.repeat(140) + ' ada@acme.example', asksPassword: false }, options);
  expect(long.told).toBe(`The page says "${'x'.repeat(140)} [redacted…".`);
});

test('words of a refusal count without a password field, and other words do not', () => {
  for (const words of ['Invalid credentials', 'No such account', 'The code doesn’t match'])
    expect(formatRefusal({ words, asksPassword: false }, options).isLikely, words).toBe(true);
  expect(formatRefusal({ words: 'You have 3 new messages', asksPassword: false }, options)).toEqual({
    told: 'The page says "You have 3 new messages".',
    isLikely: false,
  });
});

test('nothing was sent, or nobody knows where it came from', () => {
  expect(formatRefusal({ words: '', asksPassword: true }, { ...options, sent: [] }).isLikely).toBe(false);
  const unknown = { ...options, sent: ['other.token'] };
  expect(formatRefusal({ words: '', asksPassword: true }, unknown).told).toMatch(/the credentials\.$/);
});

test('a label of a pool and a parameter without a password have their source', () => {
  const sent = ['customer_1_.username'];
  const { told } = formatRefusal({ words: 'Unknown user', asksPassword: false }, { ...options, sent });
  expect(told).toMatch(/Its username came from op:\/\/qa\/acme\/username\.$/);
});

test('a secret is sent when something was clicked or pressed after it was typed', () => {
  const redact = (text: string) => text.replace(/^secret (\w+)$/, '[redacted:admin.$1]');
  const step = (method: string, params: Record<string, unknown>, isEnded = true): TrailStep => ({
    ...{ call: { type: 'Frame', method, params }, startedMs: 0 },
    ...(isEnded && { endedMs: 1 }),
  });
  const typed = [
    step('fill', { selector: 'a', value: 'secret username' }),
    step('type', { selector: 'b', text: 'secret password' }),
    step('fill', { selector: 'c', value: 'a plain text' }),
  ];
  const click = step('click', { selector: 'd' });
  expect(sentSecrets(typed, redact)).toEqual([]);
  expect(sentSecrets([...typed, click], redact)).toEqual(['admin.password', 'admin.username']);
  expect(sentSecrets([...typed, step('click', { selector: 'd' }, false)], redact)).toEqual([]);
  expect(sentSecrets([click, ...typed], redact)).toEqual([]);
  const code = step('fill', { selector: 'e', value: 'secret code' });
  expect(sentSecrets([...typed, click, code, click, click], redact)).toEqual(['admin.code']);
});
