// Compiles files of nested projects, as Playwright and jiti do. See compile-ahead.ts.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';

/** @typedef {(text: string, file: string, moduleUrl: string | undefined) => unknown} TransformHook */
const { transform } = /** @type {{ transform: { transformHook: TransformHook } }} */ (
  createRequire(import.meta.url)('playwright/lib/common')
);

process.on('message', (/** @type {import('./compile-ahead.js').CompileRequest} */ request) => {
  const { id, tests, isModule, flows, flowsTo } = request;
  for (const { file, text } of tests)
    attempt(() => transform.transformHook(text, file, isModule ? pathToFileURL(file).href : undefined));
  for (const { file, text } of flows) {
    const jiti = createJiti(file, { fsCache: flowsTo, interopDefault: false, tsconfigPaths: true });
    attempt(() => jiti.transform({ filename: file, source: text, ts: true, async: true }));
  }
  process.send?.(id);
});
process.once('disconnect', () => process.exit());

/**
 * What cannot be compiled is reported by the run.
 *
 * @param {() => unknown} act
 */
function attempt(act) {
  try {
    act();
  } catch {
    // see above
  }
}
