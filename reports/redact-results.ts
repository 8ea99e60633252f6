import type { FullConfig, Suite, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';
import type { Redactor } from '../src/core/redactor.js';

/**
 * What the runner itself makes of a run, without known secrets: changed in place, as every reporter after the first
 * gets the same objects. What workers send is clean already; here the runner's own knowledge is put to it.
 */
export interface ResultsRedactor {
  config(config: FullConfig): void;
  /** With everything below it. */
  suite(suite: Suite): void;
  test(test: TestCase, result: TestResult): void;
  step(step: TestStep): void;
  error(error: TestError): void;
}

type Texts = Pick<Redactor, 'redact' | 'redactField' | 'redactBytes'>;

export function createResultsRedactor(redactor: Texts): ResultsRedactor {
  const change = (target: object) => redactInPlace(target, redactor, new Set());
  const test = (one: TestCase, result: TestResult) => {
    redactTitle(one, redactor);
    for (const part of [one.annotations, result.annotations, result.errors, result.attachments, result.steps])
      change(part);
    if (result.error) change(result.error);
    redactOutput(result, redactor);
  };
  const suite = (one: Suite) => {
    redactTitle(one, redactor);
    one.suites.forEach(suite);
    for (const own of one.tests) for (const result of own.results) test(own, result);
  };
  return {
    config({ metadata, argv, webServer, projects }: FullConfig) {
      for (const part of [
        metadata,
        argv,
        webServer,
        ...projects.map((project) => project.metadata as unknown),
      ])
        if (typeof part === 'object' && part !== null) change(part);
    },
    suite,
    test,
    step: (step) => change(step),
    error: (error) => change(error),
  };
}

/** A title may be a getter's in a coming version: then the leak check sees what was left. */
function redactTitle(titled: { title: string }, redactor: Texts): void {
  const title = redactor.redactField(titled.title);
  if (title !== titled.title) Reflect.set(titled, 'title', title);
}

function redactOutput({ stdout, stderr }: TestResult, redactor: Texts): void {
  for (const chunks of [stdout, stderr])
    chunks.forEach((chunk, index) => {
      const redacted = typeof chunk === 'string' ? redactor.redact(chunk) : redactor.redactBytes(chunk);
      if (redacted !== chunk) chunks[index] = redacted;
    });
}

/** Names of files and places: a report looks things up by them. */
const untouchedKeys = ['path', 'file', 'location', 'parent', 'contentType', 'id', 'cwd'];
const fieldKeys = ['title', 'subtitle', 'value', 'description'];

function redactInPlace(target: object, redactor: Texts, seen: Set<object>): void {
  if (seen.has(target)) return;
  seen.add(target);
  for (const [key, value] of Object.entries(target) as [string, unknown][]) {
    if (untouchedKeys.includes(key)) continue;
    const changed = redactLeaf(key, value, redactor);
    if (changed !== value) Reflect.set(target, key, changed);
    else if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value))
      redactInPlace(value, redactor, seen);
  }
  if ('titlePath' in target && 'title' in target) followTitle(target as TestStep);
}

function redactLeaf(key: string, value: unknown, redactor: Texts): unknown {
  if (Buffer.isBuffer(value)) return redactor.redactBytes(value);
  if (typeof value !== 'string') return value;
  return fieldKeys.includes(key) ? redactor.redactField(value) : redactor.redact(value);
}

/** A step's `titlePath` closes over the title that it began with. */
function followTitle(step: TestStep): void {
  if (step.titlePath().at(-1) === step.title) return;
  step.titlePath = () => [...(step.parent?.titlePath() ?? []), step.title];
}
