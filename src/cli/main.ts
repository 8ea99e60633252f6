#!/usr/bin/env node
import { guardMemory } from '../credentials/guard-memory.js';
import { examineNode } from './doctor/node-version.js';

/** The process of a command: Ctrl-C closes what it opened, and ends it at once. */
guardMemory();
const stop = new AbortController();
const endPatienceMs = 4000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    setTimeout(() => process.exit(130), endPatienceMs).unref();
  });
// A reader may close the pipe: `npx playwright-auth-sessions list | head -1`. The command still finishes, and its exit
// code counts.
const { stdout, stderr, env } = process;
for (const stream of [stdout, stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(1);
  });

const written = [stdout, stderr].map((stream) => stream.write.bind(stream));
const { runProgram } = await import('./create-program.js').catch(tellOldNode);
const exitCode = await runProgram(process.argv.slice(2), {
  folder: process.cwd(),
  env,
  stdout,
  stderr,
  signal: stop.signal,
});
// Anything left by a flow must not keep a finished command running, but all output must be written.
process.exitCode = exitCode;
await Promise.all(written.map((write) => new Promise((done) => void write('', done))));
process.exit(exitCode);

/** An old Node lacks functions that the command line imports, and its error would only name a missing export. */
function tellOldNode(error: unknown): never {
  const [finding] = examineNode(process.versions.node);
  if (finding?.result !== 'trouble') throw error;
  process.stderr.write(`✗ ${finding.seen}\n  ${finding.known ?? ''}\n  ${finding.next ?? ''}\n`);
  process.exit(1);
}
