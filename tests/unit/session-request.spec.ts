import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import { readSessionRequest } from '../../src/script/session-request.js';

test('reads a name, and a name with parameters', () => {
  expect(readSessionRequest('admin')).toEqual({ name: 'admin', parameters: undefined });
  const parameters = { username: 'ada' };
  expect(readSessionRequest({ name: 'guest', parameters })).toEqual({ name: 'guest', parameters });
});

for (const [what, request] of Object.entries({
  undefined,
  null: null,
  'a number': 5,
  'an empty text': '',
  'an empty object': {},
  'a list': ['admin'],
  'a name that is none': { name: 7 },
  'a parameter that is no text': { name: 'admin', parameters: { pin: 1234 } },
  'parameters that are a text': { name: 'admin', parameters: 'secret' },
}))
  test(`${what} is a usage error that shows no value`, () => {
    const read = () => readSessionRequest(request);
    expect(read).toThrow(AuthSessionsError);
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    expect(read).not.toThrow(/1234|secret/);
  });
