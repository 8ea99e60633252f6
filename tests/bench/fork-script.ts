import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { repository } from '../support/nested-run.js';

/** Runs a script of this folder in its own process, with one argument in JSON, and returns what it sends last. */
export async function forkScript<Answer>(script: string, argument: object): Promise<Answer> {
  const child = fork(
    path.join(repository, 'node_modules/jiti/lib/jiti-cli.mjs'),
    [path.join(import.meta.dirname, script), JSON.stringify(argument)],
    { cwd: repository },
  );
  let answer: Answer | undefined;
  child.on('message', (message) => (answer = message as Answer));
  await once(child, 'exit');
  if (answer === undefined) throw new Error(`"${script}" ended with code ${child.exitCode ?? '?'}.`);
  return answer;
}
