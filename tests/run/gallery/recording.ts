import { spawn } from 'node:child_process';
import path from 'node:path';
import { commandLine, type CommandRun } from '../../support/command-line.js';
import { cleanEnvironment } from '../../support/nested-run.js';
import { freePort, personAt, signInByHand } from '../../support/scripted-person.js';
import { quickAccounts } from '../../support/signed-in-project.js';
import { createWindowBench, type WindowBench } from '../../support/window-bench.js';
import type { Camera } from './photograph.js';

const args = ['record', 'person', '--url', '/sign-in'];

/** A sign-in by hand that `record` stores: the window with the person's form, and the terminal beside it. */
export async function photographRecording(camera: Camera): Promise<void> {
  const bench = await createWindowBench({
    mark: '--for-the-gallery',
    moreSessions: "person: { type: 'recorder', flow: consultations },",
  });
  try {
    const port = await freePort();
    const command = startAtTerminal(bench, port);
    const person = await personAt(port, command.ended);
    const page = await person.page(/sign-in/);
    await page.getByLabel('Email').fill(quickAccounts.customer.email);
    await page.getByLabel('Password').fill(quickAccounts.customer.password);
    await camera.shown('recording-window', page);
    await page.reload();
    await signInByHand(page, quickAccounts.customer);
    await command.shows(/Signed in, according to the flow's check/);
    command.pressEnter();
    const { exitCode, stdout } = await command.ended;
    await person.leave();
    if (exitCode !== 0) throw new Error(`The recording failed:\n${stdout}`);
    const { host, hostname } = new URL(bench.site.url);
    const shown = stdout.replaceAll(host, 'shop.test').replaceAll(hostname, 'shop.test');
    await camera.terminal('recording', `$ npx playwright-auth-sessions ${args.join(' ')}\n${shown}`);
  } finally {
    await bench.close();
  }
}

interface Terminal {
  /** What was printed, to either stream in its order, is the `stdout`. */
  readonly ended: Promise<CommandRun>;
  shows(pattern: RegExp): Promise<void>;
  pressEnter(): void;
}

/** With colours. */
function startAtTerminal({ project, display }: WindowBench, port: number): Terminal {
  const env = {
    DISPLAY: display.name,
    PERSON_PORT: String(port),
    FORCE_COLOR: '1',
    TMPDIR: path.join(project.folder, 'tmp'),
  };
  const child = spawn(process.execPath, [commandLine(), ...args], {
    cwd: project.folder,
    env: cleanEnvironment(env, project.folder),
  });
  let shown = '';
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      for (const watcher of watchers) watcher();
    });
  const ended = new Promise<CommandRun>((resolve) =>
    child.once('close', (exitCode) => resolve({ exitCode, stdout: shown, stderr: '' })),
  );
  return {
    ended,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        watchers.add(() => pattern.test(shown) && resolve());
        if (pattern.test(shown)) resolve();
        void ended.then(() => reject(new Error(`It ended early:\n${shown}`)));
      }),
    pressEnter: () => void child.stdin.write('\n'),
  };
}
