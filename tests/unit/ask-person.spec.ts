import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { AskPerson } from '../../src/core/ports.js';
import { createPerson } from '../../src/flow/ask-person.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { explainFinalAnswer } from '../../src/session/explain-refusal.js';
import { createDeadline } from '../../src/time/deadline.js';
import { declareSession } from '../support/declared-session.js';

test('a code from a person is registered before the flow gets it', async () => {
  const { person, redactor } = personWith(() => Promise.resolve(' 482913 '));
  expect(await person.code('The SMS code')).toBe('482913');
  expect(redactor.redact('it is 482913')).toBe('it is [redacted:admin.personCode]');
});

test('without a terminal the error names the command', async () => {
  const { person } = personWith(undefined);
  await expect(person.code('The SMS code')).rejects.toMatchObject({
    code: 'ERR_HUMAN_NEEDED',
    session: 'admin',
    message:
      'Session "admin": its sign-in needs a code that only a person has. Its flow asks: "The SMS code". ' +
      'Run at a terminal: npx playwright-auth-sessions create admin --headed [ERR_HUMAN_NEEDED]',
  });
});

test('the time limit of the flow pauses while a person is asked', async () => {
  const { person, signal } = personWith(
    async () => {
      const endMs = performance.now() + 30;
      while (performance.now() < endMs) await new Promise((resolve) => setImmediate(resolve));
      return '482913';
    },
    { limitMs: 10 },
  );
  expect(await person.code('The SMS code')).toBe('482913');
  expect(signal.aborted).toBe(false);
});

test('stops asking at once when the sign-in is stopped', async () => {
  const stop = new AbortController();
  const { person } = personWith(() => new Promise(() => undefined), { signal: stop.signal });
  const asked = person.code('The SMS code');
  stop.abort(new Error('stopped'));
  await expect(asked).rejects.toThrow('stopped');
});

function personWith(
  askPerson: AskPerson | undefined,
  { limitMs = Infinity, signal = new AbortController().signal } = {},
) {
  const redactor = createRedactor();
  const deadline = createDeadline(limitMs, signal, () => new Error('too late'));
  const session = declareSession();
  return {
    person: createPerson({ session }, { deadline, redactor, askPerson }),
    redactor,
    signal: deadline.signal,
  };
}

test('the error keeps its command when the answer is final', async () => {
  const error: unknown = await personWith(undefined)
    .person.code('The SMS code')
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof AuthSessionsError)) throw new Error('It did not fail');
  const final = explainFinalAnswer(error, 'ERR_HUMAN_NEEDED', { session: declareSession(), isKept: false });
  expect(final.explanation.next).toBe(
    'Run at a terminal: npx playwright-auth-sessions create admin --headed',
  );
});
