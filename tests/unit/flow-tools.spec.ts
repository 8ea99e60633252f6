import { expect, test, type Page } from '@playwright/test';
import { createTools } from '../../src/flow/flow-tools.js';
import { createDeadline } from '../../src/time/deadline.js';
import { declareSession } from '../support/declared-session.js';

const values = { username: 'ada', password: 'hunter2' };

test('gives a flow its parameters', () => {
  expect({ ...toolsOf(values).credentials }).toEqual(values);
});

test('reports an unknown parameter', () => {
  const { credentials } = toolsOf(values);
  expect(() => credentials.passwrod).toThrow(
    'Session "admin" has no parameter "passwrod". Its flow reads credentials.passwrod. The session has: ' +
      'username, password. ' +
      'Add passwrod: "op://…" to its parameters, or fix the flow. [ERR_PARAMETER_UNKNOWN]',
  );
});

test('lets credentials be awaited, printed and compared as any object', async () => {
  const { credentials } = toolsOf(values);
  expect((await Promise.resolve(credentials)) === credentials).toBe(true);
  expect(JSON.parse(JSON.stringify(credentials))).toEqual(values);
  expect(String(credentials as unknown)).toBe('[object Object]');
  expect(Object.hasOwn(credentials, 'username')).toBe(true);
  expect({ ...(credentials.valueOf() as object) }).toEqual(values);
});

test('gives a parameter of such a name, too', () => {
  expect(toolsOf({ then: 'later' }).credentials.then).toBe('later');
});

test('extendTimeout takes milliseconds up to ten minutes, and says so', () => {
  const { extendTimeout } = toolsOf(values);
  expect(() => extendTimeout(600_000)).not.toThrow();
  for (const wrong of [0, -1, NaN, Infinity, 600_001, '5'] as number[])
    expect(() => extendTimeout(wrong)).toThrow('extendTimeout takes milliseconds, from 1 to 600000. It got ');
});

function toolsOf(own: Readonly<Record<string, string>>): ReturnType<typeof createTools> {
  const page = { context: () => ({ request: {} }) } as unknown as Page;
  const { signal } = new AbortController();
  const deadline = createDeadline(Infinity, signal, () => new Error('too late'));
  const place = { baseURL: 'https://app.example', project: 'chromium' };
  const nextCode = () => Promise.resolve('123456');
  return createTools(
    { session: declareSession(), place, from: undefined, signal, values: own, nextCode },
    page,
    deadline,
  );
}
