/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * @param {readonly Counts[]} all
 * @returns {Counts}
 */
export function addCounts(all) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}

/**
 * The last line of `npm test`.
 *
 * @param {Counts} counts
 */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * What a Playwright run amounts to. One that failed without a failed test (a broken config, a teardown that
 * threw, no tests at all) has failed nevertheless, and counts as one.
 *
 * @param {number} exitCode
 * @param {Counts | undefined} reported `undefined` when the run ended before it could report
 * @returns {Counts}
 */
export function countRun(exitCode, reported) {
  const counts = reported ?? { passed: 0, failed: 0, skipped: 0 };
  const unseen = (exitCode !== 0 || !reported) && counts.failed === 0;
  return unseen ? { ...counts, failed: 1 } : counts;
}
