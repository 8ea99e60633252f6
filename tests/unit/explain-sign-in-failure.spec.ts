import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import { explainSignInFailure } from '../../src/flow/explain-sign-in-failure.js';

const flowLine = 'at create (/project/auth-flows/flow.ts:7:3)';
const own = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

test('shows the line of the flow, and no line of a package', () => {
  const error = thrownAt(
    'at race (/project/node_modules/playwright-core/lib/coreBundle.js:1:2)',
    `at Object.get (${own('src/flow/flow-tools.ts')}:36:13)`,
    `at run (${pathToFileURL(own('src/flow/flow-runner.ts')).href}:36:13)`,
    `at fixture (${own('fixtures/test.ts')}:1:1)`,
    flowLine,
    `at create (${own('src/flow/flow-runner.ts')}:40:35)`,
  );
  expect(explainSignInFailure(error, 'admin').explanation.known).toBe(`It broke (${flowLine}).`);
});

test('shows no line when none belongs to a flow', () => {
  const error = thrownAt(`at run (${own('src/flow/flow-runner.ts')}:40:35)`);
  expect(explainSignInFailure(error, 'admin').explanation.known).toBe('It broke.');
});

test('says whose sign-in it was that found no browser', () => {
  const missing = new AuthSessionsError('ERR_BROWSER_MISSING', { failed: 'None.', next: 'Install one.' });
  const told = explainSignInFailure(missing, 'admin');
  expect(told.message).toBe('Session "admin": None. Install one. [ERR_BROWSER_MISSING]');
  expect(told.session).toBe('admin');
  expect(explainSignInFailure(told, 'admin')).toBe(told);
});

test('leaves another error of ours as it is', () => {
  const error = new AuthSessionsError('ERR_NOT_SIGNED_IN', { failed: 'No.', next: 'Mend it.' });
  expect(explainSignInFailure(error, 'admin')).toBe(error);
});

test('shows addresses without their query, for the error and the page', () => {
  const error = new Error('waiting for https://app.example/callback?code=abc#id_token=def');
  error.stack = '';
  const evidence = {
    url: 'https://app.example/sign-in?next=/&state=ghi',
    title: 'Sign in',
    screenshot: undefined,
  };
  expect(explainSignInFailure(error, 'admin', { evidence }).explanation.known).toBe(
    'waiting for https://app.example/callback. The page was https://app.example/sign-in ("Sign in").',
  );
});

function thrownAt(...lines: readonly string[]): Error {
  const error = new Error('It broke');
  error.stack = ['Error: It broke', ...lines.map((line) => `    ${line}`)].join('\n');
  return error;
}
