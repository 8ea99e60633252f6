import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { repository } from '../support/nested-run.js';
import type { PartOptions, PartResult } from './part.js';

export interface RunPartOptions extends Omit<PartOptions, 'rounds'> {
  /** [the part's usual ones, and one in a quick run] */
  readonly rounds: number | undefined;
  /** Where the part's temporary files are. */
  readonly temporary: string;
}

export interface FinishedPart {
  readonly title: string;
  readonly rounds: number;
  readonly result: PartResult;
}

/** What a part's process sends. */
export type PartMessage = { readonly progress: string } | FinishedPart | { readonly failed: string };

/** Runs a part in its own process, so that its memory and its compiled code are its own. */
export async function runPart(
  name: string,
  { rounds, quick, temporary, progress }: RunPartOptions,
): Promise<FinishedPart> {
  const child = fork(
    path.join(repository, 'node_modules/jiti/lib/jiti-cli.mjs'),
    [path.join(import.meta.dirname, 'part-process.ts'), JSON.stringify({ name, rounds, quick })],
    { cwd: repository, env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary } },
  );
  const heard: { finished?: FinishedPart; failed?: string } = {};
  child.on('message', (message: PartMessage) => {
    if ('progress' in message) progress(message.progress);
    else if ('failed' in message) heard.failed = message.failed;
    else heard.finished = message;
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (heard.finished && code === 0) return heard.finished;
  throw new Error(heard.failed ?? `The process of "${name}" ended with ${signal ?? `code ${code ?? '?'}`}.`);
}
