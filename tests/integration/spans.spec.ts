import { expect, test } from '@playwright/test';
import { createNestedProject, resultsOf, type NestedProject, type NestedRun } from '../support/nested-run.js';
import { suiteConfig } from '../support/suite-config.js';
import { testKey } from '../support/test-key.js';

interface SeenSpan {
  readonly pid: number;
  readonly name: string;
  readonly id: string;
  readonly parent?: string;
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly ms: number;
  readonly status: number;
}

test.describe.configure({ timeout: 300_000 });

const secrets = ['hunter2-hunter2', 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU', 'token-of-ada', 'urlsecret'];

/** Exports when it is flushed alone, and one span not at all. */
const telemetry = `
  import { appendFileSync } from 'node:fs';
  import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
  import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
  const seen = (span) => ({
    pid: process.pid, name: span.name, attributes: span.attributes, status: span.status.code,
    id: span.spanContext().spanId, parent: span.parentSpanContext?.spanId,
    links: span.links.map(({ context }) => context.spanId), ms: span.duration[0] * 1000 + span.duration[1] / 1e6,
  });
  const exporter = {
    export(spans, done) {
      for (const span of spans) appendFileSync('spans.jsonl', JSON.stringify(seen(span)) + '\\n');
      done({ code: 0 });
    },
    shutdown: async () => undefined,
  };
  class Processor extends BatchSpanProcessor {
    onStart(span, context) {
      if (span.attributes['auth_sessions.session'] === 'unlucky') throw new Error('boom');
      super.onStart(span, context);
    }
  }
  export const provider = new NodeTracerProvider({
    spanProcessors: [new Processor(exporter, { scheduledDelayMillis: 600_000 })],
  });
  provider.register();
`;

const flow = `import { CredentialsRejectedError, defineAuthFlow } from '@auth';
  const named = { parameters: ['username', 'password'] };
  export default defineAuthFlow({
    ...named,
    create: async ({ request, credentials }) => ({ headers: { authorization: 'token-of-' + credentials.username } }),
    check: async ({ request }) => true,
  });
  export const refused = defineAuthFlow({
    ...named,
    create: async ({ request, credentials }) => {
      throw new CredentialsRejectedError('wrong password ' + credentials.password);
    },
  });
  export const coded = defineAuthFlow({
    ...named,
    create: async ({ request, totp }) => ({ headers: { authorization: (await totp()) + (await totp()) } }),
  });
`;

let project: NestedProject;
let run: NestedRun;
let ofRun: readonly SeenSpan[];

test.beforeAll(async () => {
  const values = (item: string) =>
    `{ username: 'op://qa/${item}/username', password: 'op://qa/${item}/password' }`;
  project = await createNestedProject({
    'playwright.config.ts': `import './telemetry.mjs';${suiteConfig('http://someone:urlsecret@shop.example')}`,
    'telemetry.mjs': telemetry,
    'flow.ts': flow,
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      import signIn, { coded, refused } from './flow.js';
      export default defineAuthSessions({ codes: { minRemainingSeconds: 0 }, sessions: {
        admin: { flow: signIn, parameters: ${values('admin')} },
        unlucky: { flow: signIn, parameters: ${values('unlucky')} },
        gone: { flow: refused, parameters: ${values('gone')} },
        coder: {
          flow: coded, totp: { periodSeconds: 2 },
          parameters: { ...${values('coder')}, otp: 'op://qa/coder/otp?attribute=otp' },
        },
      } });`,
    '.env.auth-sessions':
      ['ADMIN', 'UNLUCKY', 'GONE', 'CODER']
        .map((item) => `QA__${item}__USERNAME=ada\nQA__${item}__PASSWORD=hunter2-hunter2-${item}\n`)
        .join('') + 'QA__CODER__OTP=KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU\n',
    'tests/a.spec.ts': `import { trace } from '@opentelemetry/api';
      import { test } from '@auth';
      const tracer = trace.getTracer('tests');
      test('dies', async ({ authSessions }) => {
        await authSessions.storageState('admin');
        process.kill(process.pid, 'SIGKILL');
      });
      test('asks again', async ({ authSessions }) => {
        await tracer.startActiveSpan('checkout', async (span) => {
          await authSessions.storageState('admin');
          console.log('checkout is ' + span.spanContext().spanId);
          span.end();
        });
      });
      test('waits for a code', async ({ authSessions }) => {
        await Promise.all([authSessions.storageState('coder'), authSessions.storageState('coder')]);
      });
      test('is refused', async ({ authSessions }) => {
        await authSessions.storageState('gone').catch(() => undefined);
      });
      test('has a provider that throws', async ({ authSessions }) => {
        await authSessions.storageState('unlucky');
      });`,
  });
  run = await project.run([], { env: { AUTH_SESSIONS_KEY: testKey('spans') } });
  ofRun = await readSpans();
});

test.afterAll(() => project.remove());

/** The spans that were exported since. */
async function readSpans(): Promise<SeenSpan[]> {
  const text = await project.read('spans.jsonl').catch(() => '');
  await project.write({ 'spans.jsonl': '' });
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(text).not.toContain('op://');
  const lines = text.split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as SeenSpan);
}

const sessionOf = ({ attributes }: SeenSpan) => attributes['auth_sessions.session'];
const outcomeOf = ({ attributes }: SeenSpan) => attributes['auth_sessions.outcome'];
const named = (name: string, session?: string) =>
  ofRun.filter((span) => span.name === `auth_sessions.${name}` && (!session || sessionOf(span) === session));
const within = (span: SeenSpan | undefined) =>
  ofRun.filter(({ parent }) => parent === span?.id).map(({ name }) => name.replace('auth_sessions.', ''));

test('an acquisition has its vault call and its sign-in within it, also of a worker that dies', () => {
  const [first] = named('acquire', 'admin');
  expect([first?.status, first?.parent]).toEqual([0, undefined]);
  expect(first?.attributes).toEqual({
    'auth_sessions.session': 'admin',
    'auth_sessions.base_url': 'http://shop.example',
    'auth_sessions.outcome': 'created',
  });
  expect(within(first)).toEqual(['vault_call', 'sign_in']);
  expect(named('vault_call')[0]?.attributes).toEqual({
    'auth_sessions.vault': 'local',
    'auth_sessions.references': 8,
  });
  expect(new Set(ofRun.map(({ pid }) => pid)).size).toBe(1);
});

test("a session from memory belongs to the test's active span, and needs nothing", () => {
  const [, again] = named('acquire', 'admin');
  expect(again && outcomeOf(again)).toBe('memory');
  expect(again?.parent).toBe(/checkout is (\w+)/.exec(run.stdout)?.[1]);
  expect(within(again)).toEqual([]);
});

test('the wait for a code is within the sign-in, and who waits for another one has a link to it', () => {
  const [signIn, ...others] = named('sign_in', 'coder');
  expect(others).toEqual([]);
  expect(within(signIn)).toContain('code_wait');
  expect(named('code_wait').reduce((sum, { ms }) => sum + ms, 0)).toBeGreaterThan(40);
  const acquired = named('acquire', 'coder');
  expect(acquired.map(outcomeOf)).toEqual(['created', 'created']);
  const [by] = acquired.flatMap(({ links }) => links);
  expect(acquired.find(({ id }) => id === by)?.id).toBe(signIn?.parent);
});

test('rejected credentials are refused, with the code of the error', () => {
  for (const span of [...named('acquire', 'gone'), ...named('sign_in', 'gone')]) {
    expect(span).toMatchObject({ status: 2 });
    expect(span.attributes).toMatchObject({
      'auth_sessions.outcome': 'refused',
      'error.type': 'ERR_CREDENTIALS_REJECTED',
    });
  }
  expect(named('sign_in', 'gone')).toHaveLength(1);
});

test('a provider that throws fails no test, and is reported once', () => {
  expect(resultsOf(run, 'a.spec.ts')).toMatchObject({ passed: 4, failed: 1 });
  expect(run.stderr.match(/OpenTelemetry.*/g)).toEqual(['OpenTelemetry spans are incomplete: boom']);
  expect(named('acquire', 'unlucky')).toEqual([]);
});

test("a script's spans are within its active span, and are exported when it closes", async () => {
  await project.write({
    'script.mjs': `import './telemetry.mjs';
      import { trace } from '@opentelemetry/api';
      import { openAuthSessions } from 'playwright-auth-sessions/engine';
      await trace.getTracer('script').startActiveSpan('seed', async (span) => {
        const sessions = await openAuthSessions();
        await sessions.storageState('admin');
        await sessions.renew('admin');
        span.end();
        await sessions.close();
      });
      process.exit();`,
  });
  const { exitCode, output } = await project.run([], {
    script: 'script.mjs',
    env: { AUTH_SESSIONS_KEY: testKey('spans') },
  });
  expect(exitCode, output).toBe(0);
  const spans = await readSpans();
  const seed = spans.find(({ name }) => name === 'seed');
  const acquired = spans.filter(({ name }) => name === 'auth_sessions.acquire');
  expect(acquired.map(outcomeOf)).toEqual(['restored', 'renewed']);
  expect(acquired.map(({ parent }) => parent)).toEqual([seed?.id, seed?.id]);
  const [restored, renewed] = acquired.map(({ id }) =>
    spans.filter(({ parent }) => parent === id).map((span) => [span.name, outcomeOf(span)]),
  );
  expect(restored).toEqual([['auth_sessions.check', 'signed_in']]);
  expect(renewed).toContainEqual(['auth_sessions.sign_in', 'renewed']);
});
