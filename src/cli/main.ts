#!/usr/bin/env node
import { guardMemory } from '../credentials/guard-memory.js';
import { examineNode } from './doctor/node-version.js';

/** The command line's process: ends at once on Ctrl-C, with what it has opened closed. */
guardMemory();
const stop = new AbortController();
const endPatienceMs = 4000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    setTimeout(() => process.exit(130), endPatienceMs).unref();
  });
// Whoever reads may stop reading: `npx playwright-auth-sessions list | head -1`. What is done is done to its end, and its exit code counts.
const { stdout, stderr, env } = process;
for (const stream of [stdout, stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(1);
  });

const written = [stdout, stderr].map((stream) => stream.write.bind(stream));
const { runProgram } = await import('./run-program.js').catch(tellOldNode);
const exitCode = await runProgram(process.argv.slice(2), {
  folder: process.cwd(),
  env,
  stdout,
  stderr,
  signal: stop.signal,
});
// What a flow has left behind must not keep a finished command; what was printed must be out.
process.exitCode = exitCode;
await Promise.all(written.map((write) => new Promise((done) => void write('', done))));
process.exit(exitCode);

/** A Node that is too old lacks what the command line is made of: its own error would tell of a name it does not know. */
function tellOldNode(error: unknown): never {
  const [finding] = examineNode(process.versions.node);
  if (finding?.result !== 'trouble') throw error;
  process.stderr.write(`✗ ${finding.seen}\n  ${finding.known ?? ''}\n  ${finding.next ?? ''}\n`);
  process.exit(1);
}
