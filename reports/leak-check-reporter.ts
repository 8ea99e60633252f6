import path from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestResult,
} from '@playwright/test/reporter';
import { currentRun } from '../src/run/current-run.js';
import { runRedactor } from '../src/wire/process-memory.js';
import { registerAt } from '../src/wire/register-at.js';
import { endAndCheck } from './check-run.js';
import { createResultsRedactor } from './redact-results.js';
import { hasOwnReporter } from './reporter-kinds.js';
import { prepareRun } from './prepare-run.js';
import { requireSessions } from './require-sessions.js';
import { mergeFolderOf } from './shards/merge-mode.js';
import { MergeReporter } from './shards/merge-reporter.js';
import { reportsFolder } from '../src/core/report-files.js';

/**
 * The last reporter of a run, with any `--reporter`: searches the run's output after all others have written, and fails
 * the run if it finds a secret.
 */
export default class LeakCheckReporter implements Reporter {
  readonly #results = createResultsRedactor(runRedactor);
  #isAlone = false;

  /** In `merge-reports`, no test runs: the reporter is another one. */
  constructor(options?: object) {
    const folder = mergeFolderOf(options);
    if (folder !== undefined)
      return new MergeReporter(path.resolve(folder, reportsFolder)) as unknown as LeakCheckReporter;
    currentRun.hasReporter = true;
  }

  printsToStdio(): boolean {
    return false;
  }

  async preprocess({ config, suite }: { readonly config: FullConfig; readonly suite: Suite }): Promise<void> {
    if (hasOwnReporter(config)) return;
    if (currentRun.requireAuthSession) await requireSessions(config, suite);
    await prepareRun();
  }

  /** The command line may have replaced our first reporter, which does the same earlier. */
  onBegin(config: FullConfig, suite: Suite): void {
    this.#isAlone = !hasOwnReporter(config);
    registerAt.testsBegin();
    if (this.#isAlone)
      currentRun.redactResults = () => {
        this.#results.config(config);
        this.#results.suite(suite);
      };
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (this.#isAlone) this.#results.test(test, result);
  }

  /** In UI mode, this ends one of several runs; the check runs at the end of them all. */
  async onEnd({ status }: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    if (currentRun.checkedBy !== 'reporter') return undefined;
    currentRun.verdict?.hear(status);
    return (await endAndCheck()) === 'failed' ? { status: 'failed' } : undefined;
  }
}
