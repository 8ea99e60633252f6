import type { FullConfig, Suite, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';
import type { FieldPolicy } from '../src/redaction/field-policy.js';
import { redactFields, type FieldRedactor } from '../src/redaction/redact-fields.js';

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

export function createResultsRedactor(redactor: FieldRedactor): ResultsRedactor {
  const change = (target: object, policy: FieldPolicy) => {
    redactFields(target, { policy, redactor, inPlace: true });
  };
  const test = (one: TestCase, result: TestResult) => {
    change(one, 'testCase');
    change(result, 'result');
    // A coming version may have a getter here, as suites and tests have for others.
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

/** A step's `titlePath` closes over the title that it began with. */
function followTitles(step: TestStep): void {
  (step.steps as TestStep[] | undefined)?.forEach(followTitles);
  if (step.titlePath().at(-1) !== step.title)
    step.titlePath = () => [...(step.parent?.titlePath() ?? []), step.title];
}
