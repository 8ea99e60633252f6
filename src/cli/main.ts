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
// Whoever reads may stop reading: `auth-sessions list | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

const { stdout, stderr, env } = process;
const exitCode = await runProgram(process.argv.slice(2), {
  folder: process.cwd(),
  env,
  stdout,
  stderr,
  signal: stop.signal,
});
// What a flow has left behind must not keep a finished command; what was printed must be out.
process.exitCode = exitCode;
stdout.write('', () => stderr.write('', () => process.exit(exitCode)));
