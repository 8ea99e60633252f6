import { writeFileSync } from 'node:fs';

/** @typedef {import('@playwright/test/reporter').Reporter} Reporter */

/**
 * A reporter that only writes how many tests passed, failed and were skipped, to the file that
 * AUTH_SESSIONS_COUNTS_FILE names. Added to those of the config with `--add-reporter`. Not Playwright's JSON
 * reporter: its output file is named by a variable that test runs inside tests would inherit.
 *
 * @implements {Reporter}
 */
export default class CountReporter {
  /** @type {import('@playwright/test/reporter').Suite | undefined} */
  #suite;

  /**
   * @param {import('@playwright/test/reporter').FullConfig} _config
   * @param {import('@playwright/test/reporter').Suite} suite
   */
  onBegin(_config, suite) {
    this.#suite = suite;
  }

  onEnd() {
    const file = process.env.AUTH_SESSIONS_COUNTS_FILE;
    if (file) writeFileSync(file, JSON.stringify(this.#count()));
  }

  printsToStdio() {
    return false; // else Playwright would leave out its own list
  }

  /** @returns {import('./counts.mjs').Counts} */
  #count() {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome();
      if (outcome === 'skipped') counts.skipped++;
      else if (outcome === 'unexpected') counts.failed++;
      else counts.passed++; // at once, or on a retry
    }
    return counts;
  }
}
