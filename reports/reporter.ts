import type {
  FullConfig,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
  TestStep,
} from '@playwright/test/reporter';
import { formatSummary } from '../src/core/format-run.js';
import { currentRun } from '../src/run/current-run.js';
import { runRedactor } from '../src/wire/process-memory.js';
import { registerAt } from '../src/wire/register-at.js';
import { endAndCheck } from './check-run.js';
import { createResultsRedactor } from './redact-results.js';
import { hasReporterForPeople } from './reporter-kinds.js';
import { prepareRun } from './prepare-run.js';
import { requireSessions } from './require-sessions.js';

/**
 * The first reporter of a run: redacts the runner's own results before other reporters see them, and prints the table
 * of sessions after them.
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

  /** Without the shards: each of them fails. */
  async preprocess({ config, suite }: { readonly config: FullConfig; readonly suite: Suite }): Promise<void> {
    if (currentRun.requireAuthSession) await requireSessions(config, suite);
    await prepareRun();
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#forPeople = hasReporterForPeople(config);
    this.#config = config;
    registerAt.testsBegin();
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
    // If Playwright does not append our last reporter, this one runs the check.
    if (currentRun.checkedBy === 'reporter') await endAndCheck();
  }
}
