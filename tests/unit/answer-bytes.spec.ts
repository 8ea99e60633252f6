import { expect, test } from '@playwright/test';
import { createAnswerBytes } from '../../src/wire/answer-bytes.js';
import type { BrokerAnswer } from '../../src/wire/messages.js';
import { stateOf } from '../support/declared-session.js';

const state = stateOf('a "quoted" value ü');
const page = { ledger: 'a', count: 1, secrets: [] };
const answers: readonly BrokerAnswer<unknown>[] = [
  { ok: {} },
  { ok: { skip: 'no credentials' }, secrets: page },
  { ok: { state: undefined, key: 'k' } },
  { ok: { state } },
  { ok: { key: 'k', state, baseURL: undefined }, secrets: undefined },
  { ok: { key: 'k', state, session: 'admin' }, secrets: page },
  { error: { code: 'ERR_STOPPED', explanation: { failed: 'a' } } as never, secrets: page },
];

for (const [index, answer] of answers.entries())
  test(`the bytes of answer ${index + 1} are its JSON`, () => {
    const bytesOf = createAnswerBytes();
    for (let times = 0; times < 2; times += 1)
      expect(JSON.parse(Buffer.concat(bytesOf(answer)).toString())).toEqual(
        JSON.parse(JSON.stringify(answer)),
      );
  });

test('the bytes of a state are shared by its answers', () => {
  const bytesOf = createAnswerBytes();
  const [, first] = bytesOf({ ok: { state, key: 'a' } });
  const [, second] = bytesOf({ ok: { state, key: 'b' } });
  expect(second).toBe(first);
  expect(bytesOf({ ok: { state: stateOf('another') } })[1]).not.toBe(first);
});
