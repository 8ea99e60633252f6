#!/usr/bin/env node
import { runProgram } from './create-program.js';

/** The command line's process: ends at once on Ctrl-C, with what it has opened closed. */
const stop = new AbortController();
const endPatienceMs = 4000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    setTimeout(() => process.exit(130), endPatienceMs).unref();
  });
// Whoever reads may stop reading: `auth-sessions list | head -1`. What is done is done to its end, and its exit code counts.
const { stdout, stderr, env } = process;
for (const stream of [stdout, stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(1);
  });

const written = [stdout, stderr].map((stream) => stream.write.bind(stream));
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
