/**
 * Takes the pictures of docs again: `npm run docs:pictures`. Runs the example suite, commands, the Allure report, a
 * suite with a wrong password and a sign-in by hand, and photographs what they print and write. Fails if the suite does.
 * Needs Xvfb for the window of the recording.
 */
import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';
import { closedNetworkArguments, findBrowser } from '../../src/browser/find-browser.js';
import { photographFailedSignIn } from './gallery/failed-sign-in.js';
import { columns, createCamera, serving } from './gallery/photograph.js';
import { photographRecording } from './gallery/recording.js';
import { ensureLocalCredentials } from './local-credentials.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const pictures = path.join(root, 'docs/pictures');
/** `list --watch` looks every two seconds. */
const lookAgainMs = 5000;

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

const list = await print('npx playwright-auth-sessions list', ['src/cli/main-from-source.mjs', 'list']);
await print('', ['src/cli/main-from-source.mjs', 'remove', '--all']);
const watch = await print(
  'npx playwright-auth-sessions list --watch',
  ['src/cli/main-from-source.mjs', 'list', '--watch'],
  {
    after: /Store:/,
    act: () => print('', ['node_modules/@playwright/test/cli.js', 'test', 'two-roles']),
  },
);

const executablePath = findBrowser()?.executablePath;
const browser = await chromium.launch({
  args: [...closedNetworkArguments, '--no-sandbox'],
  ...(executablePath && { executablePath }),
});
try {
  const camera = createCamera(browser, pictures);
  for (const [name, { text }] of Object.entries({ run, doctor, list, watch }))
    await camera.terminal(name, text);
  const sessionsPage = pathToFileURL(path.join(root, 'reports/output/auth-sessions.html')).href;
  await camera.page('auth-sessions-page', sessionsPage);
  await camera.page('auth-sessions-page-dark', sessionsPage, { colorScheme: 'dark' });
  await camera.page('auth-sessions-page-telephone', sessionsPage, {
    viewport: { width: 390, height: 844 },
    isMobile: true,
  });
  await serving(path.join(root, 'reports/output/allure-report'), (url) => camera.page('allure', url));
  await photographFailedSignIn(camera);
  await photographRecording(camera);
} finally {
  await browser.close();
}

/** What a command prints on a terminal with colours, after its prompt. */
async function print(shown: string, args: readonly string[], meanwhile?: Meanwhile): Promise<Printed> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, FORCE_COLOR: '1', COLUMNS: String(columns) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let acting: Promise<unknown> | undefined;
  let text = `\u001B[1m$ ${shown}\u001B[22m\n`;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (acting || !meanwhile?.after.test(text)) return;
      acting = meanwhile.act().finally(() => setTimeout(() => child.kill('SIGINT'), lookAgainMs));
    });
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  await acting;
  return { text: text.replaceAll(root, '~/shop'), exitCode };
}

/** For a command that goes on until Ctrl-C: it gets one when it has seen what `act` leaves. */
interface Meanwhile {
  /** What it prints before `act`. */
  readonly after: RegExp;
  readonly act: () => Promise<unknown>;
}

interface Printed {
  readonly text: string;
  readonly exitCode: number | null;
}
