import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { startCommand, type CommandOptions, type RunningCommand } from './command-line.js';
import type { Display } from './display.js';
import type { NestedProject } from './nested-run.js';
import { freePort, personAt, type ScriptedPerson } from './scripted-person.js';

/** A command with a window, and the person who sits before it. */
export interface ByHand {
  readonly command: RunningCommand;
  readonly person: ScriptedPerson;
}

/**
 * Has the project's browser take a port from the environment, so that a window can be reached from outside, and a mark to
 * find its processes by. Temporary files go to `tmp`.
 */
export async function makeReachable(project: NestedProject, mark: string): Promise<void> {
  const config = await project.read('playwright.config.ts');
  const args = `['--disable-quic', '${mark}',
    ...(process.env.PERSON_PORT ? ['--remote-debugging-port=' + process.env.PERSON_PORT] : [])]`;
  await project.write({
    'tmp/.keep': '',
    'playwright.config.ts': config.replace('["--disable-quic"]', args),
  });
}

export async function startByHand(
  args: readonly string[],
  { project, display, env = {}, typesAhead = false }: ByHandOptions,
): Promise<ByHand> {
  const port = await freePort();
  const command = startCommand(args, {
    folder: project.folder,
    env: {
      ...env,
      DISPLAY: display.name,
      PERSON_PORT: String(port),
      TMPDIR: path.join(project.folder, 'tmp'),
    },
    interactive: true,
  });
  if (typesAhead) command.type('');
  return { command, person: await personAt(port, command.ended) };
}

export interface ByHandOptions extends Pick<CommandOptions, 'env'> {
  /** Whether Enter is pressed before there is a window. [false] */
  readonly typesAhead?: boolean;
  readonly project: Pick<NestedProject, 'folder'>;
  readonly display: Display;
}

/** What browsers leave in the temporary folder. */
export async function leftovers({ folder }: NestedProject): Promise<string[]> {
  const names = await readdir(path.join(folder, 'tmp'));
  return names.filter((name) => !name.startsWith('playwright-transform-cache'));
}

/** The files of a project, but for its local credentials, that hold one of these values. */
export async function filesWith(
  { folder }: Pick<NestedProject, 'folder'>,
  values: readonly string[],
): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== '.env.auth-sessions')
    .map((entry) => path.join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return files.filter((_, index) => values.some((value) => texts[index]?.includes(value)));
}

export async function processesWith(mark: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
  return stdout.split('\n').filter((line) => line.includes(mark)).length;
}
