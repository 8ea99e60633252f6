import type { FullConfig, Suite, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';
import type { FieldPolicy } from '../src/redaction/field-policy.js';
import { redactFields, type FieldRedactor } from '../src/redaction/redact-fields.js';

/**
 * Redacts the runner's own results in place, because all later reporters get the same objects. Workers' messages are
 * already redacted, but the runner knows more secrets.
 */
export interface ResultsRedactor {
  config(config: FullConfig): void;
  /** Redacts a suite and everything below it. */
  suite(suite: Suite): void;
  test(test: TestCase, result: TestResult): void;
  step(step: TestStep): void;
  error(error: TestError): void;
}

export function createResultsRedactor(redactor: FieldRedactor): ResultsRedactor {
  const change = (target: object, policy: FieldPolicy) => {
    redactFields(target, { policy, redactor, inPlace: true });
  };
  const test = (one: TestCase, result: TestResult) => {
    change(one, 'testCase');
    change(result, 'result');
    // A later version may have a getter here, as suites and tests already do.
    if (result.error) change(result.error, 'error');
    result.steps.forEach(followTitles);
  };
  const suite = (one: Suite) => {
    const title = redactor.redactField(one.title);
    if (title !== one.title) Reflect.set(one, 'title', title);
    one.suites.forEach(suite);
    for (const own of one.tests) for (const result of own.results) test(own, result);
  };
  return {
    config: (config) => change(config, 'config'),
    suite,
    test,
    step(step) {
      change(step, 'step');
      followTitles(step);
    },
    error: (error) => change(error, 'error'),
  };
}

/** A step's `titlePath` keeps the title that it was created with. */
function followTitles(step: TestStep): void {
  (step.steps as TestStep[] | undefined)?.forEach(followTitles);
  if (step.titlePath().at(-1) !== step.title)
    step.titlePath = () => [...(step.parent?.titlePath() ?? []), step.title];
}
