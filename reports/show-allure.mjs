// `npm run report [-- --no-open]` builds the Allure 3 report of the last run, and opens it.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const results = 'reports/output/allure-results';
const report = 'reports/output/allure-report';
const allure = path.join(root, 'node_modules/allure/cli.js');

process.exitCode = await main(process.argv.includes('--no-open') || Boolean(process.env.CI));

/** @param {boolean} isForFiles whether nobody is there to look */
async function main(isForFiles) {
  if (!existsSync(path.join(root, results))) {
    process.stderr.write(`There are no results in ${results} yet. Run the tests first: npm run e2e\n`);
    return 1;
  }
  const code = await run(['generate', results, '--config', 'reports/allurerc.mjs']);
  if (code !== 0) return code;
  const page = path.join(root, report, 'index.html');
  writeFileSync(page, keepToItself(readFileSync(page, 'utf8')));
  process.stdout.write(`The report is in ${report}.\n`);
  return isForFiles ? 0 : run(['open', report]);
}

/**
 * Allure 3.18 reports every viewer to Google Analytics, and has no option against it. This lets the page send requests
 * only to its own origin.
 *
 * @param {string} page
 */
function keepToItself(page) {
  const policy = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:";
  const without = page.replaceAll(/<script[^>]*googletagmanager\.com[^>]*>\s*<\/script>/g, '');
  return without.replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`);
}

/**
 * @param {string[]} args
 * @returns {Promise<number>}
 */
async function run(args) {
  const child = spawn(process.execPath, [allure, ...args], { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 0));
  });
}
