import type { FullConfig, Reporter } from '@playwright/test/reporter';
import { currentRun } from '../src/broker/current-run.js';
import { formatSummary } from '../src/core/format-run.js';

/** The first of a run's reporters. Prints what became of the sessions, after all others have had their say. */
export default class AuthSessionsReporter implements Reporter {
  #forPeople = true;

  printsToStdio(): boolean {
    return false;
  }

  /** In UI mode the broker outlives a run: what failed in the last one may be tried again in this. */
  onBegin(config: FullConfig): void {
    this.#forPeople = config.reporter.some(([name]) => ['list', 'line', 'dot', 'github'].includes(name));
    currentRun.broker?.newRun();
  }

  onExit(): Promise<void> {
    const text = currentRun.summary ? formatSummary(currentRun.summary) : '';
    if (text !== '') (this.#forPeople ? process.stdout : process.stderr).write(`\n${text}`);
    return Promise.resolve();
  }
}
