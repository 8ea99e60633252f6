import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { explain, root } from './bootstrap.mjs';
import { run } from './command.mjs';
import { countRun } from './counts.mjs';
import { ensureTarball } from './package.mjs';

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {import('./lanes.mjs').Stage} Stage */

/**
 * @typedef {object} TierOptions
 * @property {string} folder for what the stages write down for each other
 * @property {readonly string[]} playwrightArgs of the tests; those of the end-to-end suite are few
 */

/**
 * What runs side by side. `fast` has no nested runs and packs nothing, `slow` has the rest; `all` is both together.
 *
 * @param {'all' | 'fast' | 'slow'} tier
 * @param {TierOptions} options
 * @returns {Stage[][]}
 */
export function lanesOf(tier, options) {
  const isFast = tier !== 'slow';
  const isSlow = tier !== 'fast';
  const first = isFirstShard(options);
  const projects = [...(isFast ? ['unit', 'contract'] : []), ...(isSlow ? ['integration'] : [])];
  return [
    [...(isFast ? [lint()] : []), ...(isSlow && first ? [packageCheck()] : [])],
    [tests(projects, options), ...(isSlow && first ? [endToEndSuite(options)] : [])],
  ];
}

/** One program for types and typed rules, in native code. */
function lint() {
  return check('types, lint', [
    [tool('oxlint', 'bin/oxlint'), '--type-check'],
    [tool('oxfmt', 'bin/oxfmt'), '--check'],
  ]);
}

/**
 * The tarball, as Node, bundlers and compilers read it.
 *
 * @returns {Stage}
 */
function packageCheck() {
  return {
    title: 'package',
    async run(print) {
      try {
        const tarball = await ensureTarball({ root, quiet: true, say: (line) => print(`${line}\n`) });
        const commands = [
          [tool('publint', 'src/cli.js'), '--strict', tarball],
          [tool('@arethetypeswrong/cli', 'dist/index.js'), '--format', 'ascii', '--no-emoji', tarball],
        ];
        return await check('package', commands).run(print);
      } catch (error) {
        print(`${explain(error)}\n`);
        return failed;
      }
    },
  };
}

/**
 * @param {string} title
 * @param {readonly string[][]} commands all of them are run; the check passes when all do
 * @returns {Stage}
 */
function check(title, commands) {
  return {
    title,
    async run(print) {
      let good = true;
      for (const args of commands)
        good = (await run(process.execPath, args, { cwd: root, print })).code === 0 && good;
      print(good ? 'passed\n' : 'failed\n');
      return good ? passed : failed;
    },
  };
}

/**
 * @param {readonly string[]} projects of tests/checks.config.ts
 * @param {TierOptions} options
 */
function tests(projects, { folder, playwrightArgs }) {
  const args = ['-c', 'tests/checks.config.ts', ...projects.map((name) => `--project=${name}`)];
  return playwright(`tests: ${projects.join(', ')}`, {
    args: [...args, ...playwrightArgs],
    countsFile: join(folder, 'checks'),
  });
}

/**
 * The suite with the playwright.config.ts that users copy.
 *
 * @param {TierOptions} options
 */
function endToEndSuite({ folder }) {
  return playwright('tests: end to end', {
    args: [],
    countsFile: join(folder, 'end-to-end'),
    env: async () => ({ CONSULTATIONS_PORT: String(await findFreePort()) }),
  });
}

/**
 * @param {string} title
 * @param {{ args: readonly string[], countsFile: string, env?: () => Promise<NodeJS.ProcessEnv> }} options
 * @returns {Stage}
 */
function playwright(title, { args, countsFile, env }) {
  return {
    title,
    async run(print) {
      // the reporter's path is relative: a comma in the project's own path would part it in two
      const all = ['test', ...args, '--add-reporter', './tests/run/count-reporter.mjs'];
      const { code } = await run(process.execPath, [tool('@playwright/test', 'cli.js'), ...all], {
        cwd: root,
        env: { ...(await env?.()), AUTH_SESSIONS_COUNTS_FILE: countsFile },
        print,
      });
      return countRun(code, readCounts(countsFile));
    },
  };
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
 * What is one piece runs in one shard.
 *
 * @param {TierOptions} options
 */
function isFirstShard({ playwrightArgs }) {
  return playwrightArgs.every((arg) => !arg.startsWith('--shard=') || arg.startsWith('--shard=1/'));
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

/** @type {Counts} */
const passed = { passed: 1, failed: 0, skipped: 0 };
/** @type {Counts} */
const failed = { passed: 0, failed: 1, skipped: 0 };
