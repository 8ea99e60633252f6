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
    'waiting for https://app.example/callback.\nThe page was https://app.example/sign-in ("Sign in").',
  );
});

for (const message of [
  'page.goto: Protocol error (Page.navigate): Cannot navigate to invalid URL\nCall log:\n  - navigating to "/sign-in"',
  'page.goto: Protocol error (Page.navigate): Invalid url: "/sign-in"',
  'apiRequestContext.post: Invalid URL',
  'Failed to parse URL from /sign-in',
])
  test(`names the missing base URL: ${message.slice(0, 60).split('\n', 1)[0] ?? ''}`, () => {
    const told = explainSignInFailure(new Error(message), 'admin');
    expect(told.code).toBe('ERR_BASE_URL_MISSING');
    expect(told.explanation.failed).toBe(
      'Session "admin": no base URL is set, and its flow uses a relative address.',
    );
    expect(told.explanation.next).toMatch(/^Set use\.baseURL in the Playwright config/);
    const baseURL = 'https://shop.example';
    expect(explainSignInFailure(new Error(message), 'admin', { baseURL }).code).toBe('ERR_SIGN_IN_FAILED');
  });

for (const [message, address] of [
  [
    'page.goto: net::ERR_CONNECTION_REFUSED at http://localhost:3000/sign-in?a=b\nCall log:',
    'http://localhost:3000',
  ],
  [
    'page.goto: NS_ERROR_CONNECTION_REFUSED\nCall log:\n  - navigating to "http://localhost:3000/sign-in", waiting',
    'http://localhost:3000',
  ],
  ['page.goto: net::ERR_NAME_NOT_RESOLVED at https://shop.example/', 'https://shop.example'],
  [
    'apiRequestContext.post: connect ECONNREFUSED 127.0.0.1:9\nCall log:\n  - → POST http://127.0.0.1:9/api',
    'http://127.0.0.1:9',
  ],
  [
    'apiRequestContext.get: getaddrinfo ENOTFOUND shop.example\nCall log:\n  - → GET https://shop.example/api',
    'https://shop.example',
  ],
] as const)
  test(`names the address that nothing answers at: ${message.slice(0, 60).split('\n', 1)[0] ?? ''}`, () => {
    const told = explainSignInFailure(new Error(message), 'admin', { baseURL: 'https://other.example' });
    expect(told.code).toBe('ERR_APPLICATION_UNREACHABLE');
    expect(told.explanation.failed).toBe(`Session "admin": nothing answers at ${address}.`);
    expect(told.explanation.next).toMatch(/^Start the application/);
  });

test('names the address that a fetch could not reach', () => {
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:9');
  const told = explainSignInFailure(new TypeError('fetch failed', { cause }), 'admin');
  expect(told.explanation.failed).toBe('Session "admin": nothing answers at 127.0.0.1:9.');
});

function thrownAt(...lines: readonly string[]): Error {
  const error = new Error('It broke');
  error.stack = ['Error: It broke', ...lines.map((line) => `    ${line}`)].join('\n');
  return error;
}

test('a failed sign-in names the command that writes its trace', () => {
  const { next } = explainSignInFailure(new Error('odd page'), 'admin').explanation;
  expect(next).toContain('npx playwright-auth-sessions renew admin --trace FILE');
});
