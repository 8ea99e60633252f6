import { EventEmitter } from 'node:events';
import { expect, test } from '@playwright/test';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { redactUncaught } from '../../src/wire/redact-uncaught.js';

const secret = 'Right-horse-9-battery';
const logged = Object.assign(new Error('refused'), {
  log: [...Array<string>(150).fill('line'), `cookie: ${secret}`],
});

for (const [what, thrown] of Object.entries({
  'a message': new Error(`no ${secret}`),
  'a cause': new Error('no', { cause: new Error(secret) }),
  'a long list of an error': logged,
  'a text that was thrown': `no ${secret}`,
  'an object that was thrown': { a: { b: { c: { d: { e: secret } } } } },
  'errors of an error': new AggregateError([new Error(secret)], 'all'),
}))
  test(`an uncaught secret in ${what} is redacted, and ends the process`, () => {
    const { ending, written } = guarded();
    ending.emit('uncaughtExceptionMonitor', thrown);
    expect(written.text).toMatch(/^Uncaught /);
    expect(written.text).not.toContain(secret);
    expect(written.exitCode).toBe(1);
  });

test('an uncaught error without a secret is left to Node, and any to a listener of the program', () => {
  const { ending, written } = guarded();
  ending.emit('uncaughtExceptionMonitor', new Error('no'));
  ending.on('uncaughtException', () => undefined);
  ending.emit('uncaughtExceptionMonitor', new Error(secret));
  expect(written).toEqual({ text: '', exitCode: undefined });
});

function guarded() {
  const ending = new EventEmitter();
  const redactor = createRedactor();
  redactor.add(new SecretValue(secret, 'admin.password'));
  const written: { text: string; exitCode: unknown } = { text: '', exitCode: undefined };
  const exit = (code: unknown) => void (written.exitCode = code);
  const guardedProcess = Object.assign(ending, { exit }) as unknown as NodeJS.Process;
  redactUncaught(guardedProcess, redactor, (text) => void (written.text += text));
  return { ending, written };
}
