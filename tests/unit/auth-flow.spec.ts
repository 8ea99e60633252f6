import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { defineAuthFlow, flowFile, isAuthFlow } from '../../src/core/auth-flow.js';
import { defineAuthSessions } from '../../src/core/auth-session.js';

const create = () => Promise.resolve();

test('a flow is what was written', () => {
  const check = () => true;
  const written = { create, check, parameters: ['email'], timeoutSeconds: 5 } as const;
  expect(defineAuthFlow(written)).toMatchObject(written);
});

test('a flow knows the file it was written in', () => {
  const file = defineAuthFlow({ create })[flowFile] ?? '';
  expect(file.startsWith('file:') ? fileURLToPath(file) : file).toBe(import.meta.filename);
});

test('a flow does without its file where there is no stack', () => {
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 0;
    expect(defineAuthFlow({ create })[flowFile]).toBeUndefined();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
});

test('defining a flow leaves stack traces as they were', () => {
  const prepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  defineAuthFlow({ create });
  expect(Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')?.value).toBe(prepare?.value);
  expect(typeof new Error('x').stack).toBe('string');
});

test('a flow is known from whichever copy of this module it came', () => {
  expect(isAuthFlow(defineAuthFlow({ create }))).toBe(true);
  expect(isAuthFlow({ create, [Symbol.for('playwright-auth-sessions.flow-file')]: undefined })).toBe(true);
});

test('nothing else is a flow', () => {
  for (const value of [undefined, null, 'flow', 5, create, {}, { create }, []])
    expect(isAuthFlow(value)).toBe(false);
});

test('a declaration is given back as it was written', () => {
  const declaration = {
    sessions: { admin: { flow: './flow.ts', parameters: { username: 'op://a/b/c' } } },
  } as const;
  expect(defineAuthSessions(declaration)).toBe(declaration);
});
