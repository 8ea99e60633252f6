import type {
  FullConfig,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
  TestStep,
} from '@playwright/test/reporter';
import { currentRun } from '../src/run/current-run.js';
import { learnVariables } from '../src/wire/declared-secrets.js';
import { runRedactor } from '../src/wire/process-memory.js';
import { formatSummary } from '../src/core/format-run.js';
import { endAndCheck } from './check-run.js';
import { hasReporterForPeople } from './reporter-kinds.js';
import { createResultsRedactor } from './redact-results.js';

/**
 * The first of a run's reporters: redacts what the runner makes itself before any other sees it, and prints what
 * became of the sessions after all others have had their say.
 */
export default class AuthSessionsReporter implements Reporter {
  readonly #results = createResultsRedactor(runRedactor);
  #forPeople = true;
  #config: FullConfig | undefined;

  constructor() {
    currentRun.hasReporter = true;
  }

  printsToStdio(): boolean {
    return false;
  }

  /** In UI mode the broker outlives a run: what failed in the last one may be tried again in this. */
  onBegin(config: FullConfig, suite: Suite): void {
    this.#forPeople = hasReporterForPeople(config);
    this.#config = config;
    learnVariables(); // a global setup may have set one
    currentRun.broker?.forgetFailures();
    currentRun.redactResults = () => {
      this.#results.config(config);
      this.#results.suite(suite);
    };
    currentRun.redactResults();
  }

  onStepBegin(_test: TestCase, _result: TestResult, step: TestStep): void {
    this.#results.step(step);
  }

  onStepEnd(_test: TestCase, _result: TestResult, step: TestStep): void {
    this.#results.step(step);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#results.test(test, result);
  }

  onError(error: TestError): void {
    this.#results.error(error);
  }

  async onExit(): Promise<void> {
    const text = currentRun.summary ? formatSummary(currentRun.summary, this.#config) : '';
    if (text !== '') (this.#forPeople ? process.stdout : process.stderr).write(`\n${text}`);
    // A Playwright that appends no reporter of ours leaves the check to this one.
    if (currentRun.checkedBy === 'reporter') await endAndCheck();
  }
}
