// `npm test`: every check there is, from a fresh clone. The last line is `N passed, N failed, N skipped`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap, explain, root } from './bootstrap.mjs';
import { run } from './command.mjs';
import { addCounts, countRun, formatCounts } from './counts.mjs';
import { ensureTarball } from './package.mjs';

/** @typedef {import('./counts.mjs').Counts} Counts */

/** @type {Counts} */
const passed = { passed: 1, failed: 0, skipped: 0 };
/** @type {Counts} */
const failed = { passed: 0, failed: 1, skipped: 0 };

const folder = mkdtempSync(join(tmpdir(), 'auth-sessions-counts-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const counts = addCounts(await runEverything());
console.log(`\n${formatCounts(counts)}`);
process.exitCode = counts.failed > 0 ? 1 : 0;

/** A stage that fails does not keep the next from running; without packages or browser there is nothing to run. */
async function runEverything() {
  try {
    await bootstrap();
  } catch (error) {
    console.error(explain(error));
    return [failed];
  }
  return [
    await check('type check', [[tool('typescript', 'bin/tsc'), '-p', '.']]),
    await check('lint', [
      [tool('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0'],
      [tool('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    ]),
    await checkPackage(),
    await runTests('tests: unit, contract, integration', 'tests/checks.config.ts'),
    await runTests('tests: end to end', 'playwright.config.ts', {
      CONSULTATIONS_PORT: String(await findFreePort()),
    }),
  ];
}

/**
 * @param {string} title
 * @param {readonly string[][]} commands all of them are run; the check passes when all do
 * @returns {Promise<Counts>}
 */
async function check(title, commands) {
  printTitle(title);
  let good = true;
  for (const args of commands) good = (await run(process.execPath, args, { cwd: root })).code === 0 && good;
  console.log(good ? 'passed' : 'failed');
  return good ? passed : failed;
}

/** The tarball, as Node, bundlers and compilers read it. */
async function checkPackage() {
  try {
    const tarball = await ensureTarball({ root, quiet: true });
    return await check('package', [
      [tool('publint', 'src/cli.js'), '--strict', tarball],
      [tool('@arethetypeswrong/cli', 'dist/index.js'), '--format', 'ascii', '--no-emoji', tarball],
    ]);
  } catch (error) {
    printTitle('package');
    console.error(explain(error));
    return failed;
  }
}

/**
 * @param {string} title
 * @param {string} config
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Counts>}
 */
async function runTests(title, config, env) {
  printTitle(title);
  const countsFile = join(folder, config.replaceAll(/\W/g, '-'));
  // the reporter's path is relative: a comma in the project's own path would part it in two
  const args = ['test', '-c', config, '--add-reporter', './tests/run/count-reporter.mjs'];
  const { code } = await run(process.execPath, [tool('@playwright/test', 'cli.js'), ...args], {
    cwd: root,
    env: { ...env, AUTH_SESSIONS_COUNTS_FILE: countsFile },
  });
  return countRun(code, readCounts(countsFile));
}

/**
 * @param {string} file
 * @returns {Counts | undefined}
 */
function readCounts(file) {
  try {
    return /** @type {Counts} */ (JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name
 * @param {string} path
 */
function tool(name, path) {
  return join(root, 'node_modules', name, path);
}

/** @returns {Promise<number>} */
function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** @param {string} title */
function printTitle(title) {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 60 - title.length))}`);
}
