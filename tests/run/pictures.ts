/**
 * Takes the pictures of docs again: `npm run docs:pictures`. Runs the example suite, `doctor` and the Allure report, and
 * photographs what they print and write. Fails if the suite does.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { AnsiUp } from 'ansi_up';
import { closedNetworkArguments, findBrowser } from '../../src/browser/find-browser.js';
import { ensureLocalCredentials } from './local-credentials.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const pictures = path.join(root, 'docs/pictures');
const columns = 110;

ensureLocalCredentials({ root });
await mkdir(pictures, { recursive: true });
await rm(path.join(root, 'reports/output'), { recursive: true, force: true });
const run = await print('npx playwright test', [
  'node_modules/@playwright/test/cli.js',
  'test',
  'two-roles',
  'sign-in-page',
]);
if (run.exitCode !== 0) throw new Error(`The suite failed:\n${run.text}`);
const doctor = await print('npx playwright-auth-sessions doctor', ['src/cli/main-from-source.mjs', 'doctor']);
await print('', ['reports/show-allure.mjs', '--no-open']);

const executablePath = findBrowser()?.executablePath;
const browser = await chromium.launch({
  args: [...closedNetworkArguments, '--no-sandbox'],
  ...(executablePath && { executablePath }),
});
try {
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 }, deviceScaleFactor: 1.5 });
  await photographTerminal(page, run.text, 'run.png');
  await photographTerminal(page, doctor.text, 'doctor.png');
  await page.goto(pathToFileURL(path.join(root, 'reports/output/auth-sessions.html')).href);
  await page.screenshot({ path: path.join(pictures, 'auth-sessions-page.png') });
  await photographAllure(page);
} finally {
  await browser.close();
}

/** What a command prints on a terminal with colours, after its prompt. */
async function print(shown: string, args: readonly string[]): Promise<Printed> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, FORCE_COLOR: '1', COLUMNS: String(columns) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = `\u001B[1m$ ${shown}\u001B[22m\n`;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { text: text.replaceAll(root, '~/shop'), exitCode };
}

interface Printed {
  readonly text: string;
  readonly exitCode: number | null;
}

async function photographTerminal(page: Page, text: string, name: string): Promise<void> {
  const ansi = new AnsiUp();
  await page.setContent(`<!doctype html><style>
    body { margin: 0; background: #16181d; }
    pre { margin: 0; padding: 20px 24px; width: ${columns}ch; font: 13px/1.45 'DejaVu Sans Mono', monospace;
      color: #e6e6e6; background: #16181d; white-space: pre-wrap; overflow-wrap: anywhere; }
    </style><pre>${ansi.ansi_to_html(text.trimEnd())}</pre>`);
  await page.locator('pre').screenshot({ path: path.join(pictures, name) });
}

/** The report reads its files over HTTP. */
async function photographAllure(page: Page): Promise<void> {
  const folder = path.join(root, 'reports/output/allure-report');
  const server = createServer((request, response) => {
    const file = path.join(folder, decodeURIComponent(new URL(request.url ?? '/', 'http://report').pathname));
    const type = file.endsWith('.js') ? 'text/javascript' : file.endsWith('.css') ? 'text/css' : 'text/html';
    readFile(file.endsWith(path.sep) ? `${file}index.html` : file).then(
      (content) => response.writeHead(200, { 'content-type': type }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
    await page.goto(`http://127.0.0.1:${address.port}/`);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: path.join(pictures, 'allure.png') });
  } finally {
    server.close();
  }
}
