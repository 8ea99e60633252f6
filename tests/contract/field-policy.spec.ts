import { expect, test } from '@playwright/test';
import { messagePolicy, traceLinePolicy, type FieldPolicy } from '../../src/redaction/field-policy.js';
import { redactFields } from '../../src/redaction/redact-fields.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { collectFieldSamples, type FieldSamples } from '../support/field-samples.js';

test.describe.configure({ mode: 'serial' });

let samples: FieldSamples;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  samples = await collectFieldSamples();
});

test('the policy names every field of a worker message', () => {
  const events = samples.messages.filter(({ method }) => method === '__dispatch__');
  const seen = new Set(events.map(({ params }) => params.method));
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'testBegin',
      'stepBegin',
      'stepEnd',
      'attach',
      'stdOut',
      'stdErr',
      'testEnd',
      'done',
    ]),
  );
  const unknown = events.flatMap(({ params: { method, params } }) =>
    method === undefined ? [] : unknownFields(params, messagePolicy(method), method),
  );
  expect([...new Set(unknown)]).toEqual([]);
});

test('the policy names every field of a reporter object', () => {
  const unknown = samples.results.flatMap(({ kind, value }) =>
    kind === 'suite'
      ? testsOf(value as Entry).flatMap((one) => unknownFields(one, 'testCase', kind))
      : unknownFields(value, kind as FieldPolicy, kind),
  );
  expect(new Set(samples.results.map(({ kind }) => kind))).toEqual(
    new Set(['config', 'step', 'result', 'suite']),
  );
  expect([...new Set(unknown)]).toEqual([]);
});

test('the policy names every field of a trace line', () => {
  const seen = new Set(samples.traceLines.map(({ type }) => type));
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'before',
      'after',
      'log',
      'event',
      'console',
      'frame-snapshot',
      'resource-snapshot',
    ]),
  );
  const unknown = samples.traceLines.flatMap((line) =>
    unknownFields(line, traceLinePolicy(line.type), String(line.type)),
  );
  expect([...new Set(unknown)]).toEqual([]);
});

interface Entry {
  readonly _entries?: readonly Entry[];
}

function testsOf(entry: Entry): Entry[] {
  return entry._entries ? entry._entries.flatMap(testsOf) : [entry];
}

function unknownFields(value: unknown, policy: FieldPolicy | undefined, kind: string): string[] {
  if (policy === undefined) return [kind];
  const unknown: string[] = [];
  const inPlace = ['config', 'step', 'result', 'suite'].includes(kind);
  redactFields(value, {
    policy,
    redactor: createRedactor(),
    inPlace,
    onUnknown: (place) => unknown.push(place),
  });
  return unknown;
}
