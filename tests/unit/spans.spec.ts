import * as api from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, test } from '@playwright/test';
import { AuthSessionsError, CredentialsRejectedError } from '../../src/core/errors.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { hasOpenTelemetry, loadOpenTelemetry, type OpenTelemetry } from '../../src/spans/open-telemetry.js';
import { createSpanExport, type SpanExport } from '../../src/spans/span-export.js';
import { createSpanNotes, type SpanNotes } from '../../src/spans/span-notes.js';
import { activeTraceParent, readTraceParent } from '../../src/spans/trace-parent.js';

const exporter = new InMemorySpanExporter();
const warnings: string[] = [];
let nowMs: number;
let spans: SpanNotes;
let exported: SpanExport;

test.beforeEach(() => {
  exporter.reset();
  warnings.length = 0;
  nowMs = Date.UTC(2026, 0, 1);
});

test.afterEach(() => {
  api.trace.disable();
  api.context.disable();
  Reflect.deleteProperty(globalThis, Symbol.for('opentelemetry.js.api.1'));
});

/** The broker's and the runner's part, of a run whose project has registered this. */
function open(more: Partial<SpanProcessor> = {}, load?: () => Promise<OpenTelemetry | undefined>): void {
  const processor = Object.assign(new SimpleSpanProcessor(exporter), more);
  api.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }));
  exported = createSpanExport({
    ...{ load, version: '1.2.3', nowMs: () => nowMs, patienceMs: 20 },
    onWarning: (text) => warnings.push(text),
  });
  const redactor = createRedactor();
  redactor.add(new SecretValue('tomato-battery-9', 'admin.password'));
  spans = createSpanNotes({
    tell: (change) => exported.receive(change),
    redact: (text) => redactor.redact(text),
    nowMs: () => (nowMs += 1000),
  });
}

const acquire = { name: 'acquire', attributes: { 'auth_sessions.session': 'admin' } } as const;
const signIn = { name: 'sign_in', attributes: { 'auth_sessions.session': 'admin' } } as const;
const call = { name: 'vault_call', isCall: true, attributes: { 'auth_sessions.references': 2 } } as const;
const nothing = () => Promise.resolve();

async function finished(): Promise<readonly ReadableSpan[]> {
  await exported.flush();
  return exporter.getFinishedSpans();
}

const named = (all: readonly ReadableSpan[], name: string) =>
  all.filter((span) => span.name === `auth_sessions.${name}`);

test('makes spans within each other, with the times, attributes and kinds that were noted', async () => {
  open();
  await spans.during(
    acquire,
    async () => {
      await spans.during(call, nothing);
      await spans.during(signIn, nothing);
    },
    () => ({ 'auth_sessions.outcome': 'created', 'auth_sessions.connection': undefined }),
  );
  const all = await finished();
  const [outer, inner, vault] = ['acquire', 'sign_in', 'vault_call'].map((name) => named(all, name)[0]);
  expect(all).toHaveLength(3);
  expect(outer?.parentSpanContext).toBeUndefined();
  expect([inner, vault].map((span) => span?.parentSpanContext?.spanId)).toEqual([
    outer?.spanContext().spanId,
    outer?.spanContext().spanId,
  ]);
  expect(outer?.attributes).toEqual({
    'auth_sessions.session': 'admin',
    'auth_sessions.outcome': 'created',
  });
  expect([outer?.duration, inner?.duration]).toEqual([
    [5, 0],
    [1, 0],
  ]);
  expect(outer?.startTime).toEqual([Date.UTC(2026, 0, 1) / 1000 + 1, 0]);
  expect([outer?.kind, vault?.kind]).toEqual([api.SpanKind.INTERNAL, api.SpanKind.CLIENT]);
  expect(outer?.status.code).toBe(api.SpanStatusCode.UNSET);
  expect(outer?.instrumentationScope).toMatchObject({ name: 'playwright-auth-sessions', version: '1.2.3' });
});

test('a failure has its code as error.type, and none of its text', async () => {
  open();
  const explanation = { failed: 'tomato-battery-9 is wrong.', next: 'Change it.' };
  const errors = [
    new AuthSessionsError('ERR_SIGN_IN_TIMEOUT', explanation),
    new CredentialsRejectedError('tomato-battery-9 is wrong'),
    new Error('tomato-battery-9'),
  ];
  for (const error of errors)
    await expect(spans.during(signIn, () => Promise.reject(error))).rejects.toBe(error);
  const all = await finished();
  expect(
    all.map(({ attributes }) => [attributes['auth_sessions.outcome'], attributes['error.type']]),
  ).toEqual([
    ['failed', 'ERR_SIGN_IN_TIMEOUT'],
    ['refused', 'ERR_CREDENTIALS_REJECTED'],
    ['failed', 'ERR_UNEXPECTED'],
  ]);
  expect(all.map(({ status }) => status)).toEqual(errors.map(() => ({ code: api.SpanStatusCode.ERROR })));
  expect(JSON.stringify(all.map(({ events, attributes }) => [events, attributes]))).not.toContain('tomato');
});

test('a name that contains a known value is redacted', async () => {
  open();
  await spans.during(
    { name: 'acquire', attributes: { 'auth_sessions.session': 'tomato-battery-9' } },
    nothing,
  );
  const [span] = await finished();
  expect(span?.attributes['auth_sessions.session']).toBe('[redacted:admin.password]');
});

test('a request belongs to the span of the project that its header names', async () => {
  open();
  const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  await spans.under(`00-${ids.traceId}-${ids.spanId}-01`, () => spans.during(acquire, nothing));
  await spans.under('00-nothing', () => spans.during(acquire, nothing));
  const [inside, outside] = await finished();
  expect(inside?.parentSpanContext).toMatchObject({ ...ids, isRemote: true });
  expect(outside?.parentSpanContext).toBeUndefined();
});

test('reads only a header of the version that it knows', () => {
  const header = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  expect(readTraceParent(header)).toMatchObject({ traceFlags: 1 });
  for (const other of [
    undefined,
    '',
    `${header}-`,
    header.toUpperCase(),
    header.replace('00-', 'ff-'),
    [header, header],
  ])
    expect(readTraceParent(other)).toBeUndefined();
});

test('a request that waits for the work of another one has a link to its span', async () => {
  open();
  let first: number | undefined;
  await Promise.all([
    spans.during(acquire, async () => {
      first = spans.current();
      spans.linkTo(first);
      await nothing();
    }),
    spans.during(acquire, async () => {
      spans.linkTo(first);
      await nothing();
    }),
  ]);
  const all = await finished();
  const [link, ...others] = all.flatMap(({ links }) => links);
  expect(others).toEqual([]);
  expect(link?.context.spanId).toBe(all.find(({ links }) => links.length === 0)?.spanContext().spanId);
});

test('the spans of a broker that is gone end as failed, and later reports of them are ignored', async () => {
  open();
  let finish = (): void => undefined;
  const pending = spans.during(acquire, () => new Promise<void>((resolve) => (finish = resolve)));
  exported.endAll('ERR_BROKER_LOST');
  finish();
  await pending;
  const [span, ...others] = await finished();
  expect(others).toEqual([]);
  expect(span?.attributes['error.type']).toBe('ERR_BROKER_LOST');
});

test('a provider that throws fails nothing, and is reported once without user and password', async () => {
  const onStart = () => {
    throw new Error('no answer from https://user:pass@collector.example/v1');
  };
  open({ onStart });
  expect(await spans.during(acquire, () => spans.during(signIn, () => Promise.resolve('in')))).toBe('in');
  expect(await finished()).toEqual([]);
  expect(warnings).toEqual([
    'OpenTelemetry spans are incomplete: no answer from https://collector.example/v1',
  ]);
});

test('waits for the provider to export within a limit, and reports what may be missing', async () => {
  open({ forceFlush: () => new Promise(() => undefined) });
  await exported.flush();
  expect(warnings).toEqual([]);
  await spans.during(acquire, nothing);
  await exported.flush();
  expect(warnings).toEqual([
    'OpenTelemetry spans may be missing: the provider did not export them within 0.02 s. Check its exporter.',
  ]);
});

test('a provider that fails to export is reported without its text', async () => {
  open({ forceFlush: () => Promise.reject(new Error('tomato-battery-9')) });
  await spans.during(acquire, nothing);
  await exported.flush();
  expect(warnings).toEqual([
    'OpenTelemetry spans may be missing: the provider failed to export them. Check its exporter.',
  ]);
});

test('nothing is loaded without a registered provider', async () => {
  let loads = 0;
  const load = () => {
    loads += 1;
    return Promise.reject(new Error('Cannot find package'));
  };
  expect(hasOpenTelemetry()).toBe(false);
  expect(await loadOpenTelemetry(load)).toBeUndefined();
  expect(await activeTraceParent()).toBeUndefined();
  expect(loads).toBe(0);
});

test('nothing happens if the package is missing', async () => {
  open({}, () => loadOpenTelemetry(() => Promise.reject(new Error('Cannot find package'))));
  expect(hasOpenTelemetry()).toBe(true);
  await spans.during(acquire, nothing);
  expect(await finished()).toEqual([]);
  expect(warnings).toEqual([]);
});
