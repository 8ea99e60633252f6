import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestResult,
} from '@playwright/test/reporter';
import { currentRun } from '../src/run/current-run.js';
import { learnVariables } from '../src/wire/declared-secrets.js';
import { runRedactor } from '../src/wire/process-memory.js';
import { endAndCheck } from './check-run.js';
import { hasOwnReporter } from './reporter-kinds.js';
import { createResultsRedactor } from './redact-results.js';

/**
 * The last of a run's reporters, whatever reporters the command line names: when all have written, it searches what
 * the run leaves, and fails it over a find.
 */
export default class LeakCheckReporter implements Reporter {
  readonly #results = createResultsRedactor(runRedactor);
  #isAlone = false;

  constructor() {
    currentRun.hasReporter = true;
  }

  printsToStdio(): boolean {
    return false;
  }

  /** The command line may have put other reporters in the place of the first, which does the same before others. */
  onBegin(config: FullConfig, suite: Suite): void {
    this.#isAlone = !hasOwnReporter(config);
    learnVariables(); // a global setup may have set one
    if (this.#isAlone)
      currentRun.redactResults = () => {
        this.#results.config(config);
        this.#results.suite(suite);
      };
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (this.#isAlone) this.#results.test(test, result);
  }

  /** In UI mode this is the end of one of the session's runs, and the check comes with the session's. */
  async onEnd({ status }: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    if (currentRun.checkedBy !== 'reporter') return undefined;
    currentRun.verdict?.hear(status);
    return (await endAndCheck()) === 'failed' ? { status: 'failed' } : undefined;
  }
}
