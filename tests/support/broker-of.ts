import { execFileSync } from 'node:child_process';
import type { RunningNestedRun } from './nested-run.js';

/** The process ID of the broker of a run. */
export function brokerOf(run: RunningNestedRun): number {
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(run.process.pid)], {
    encoding: 'utf8',
  });
  const line = children.split('\n').find((one) => one.includes('broker/main'));
  return Number(line?.trim().split(' ', 1)[0]);
}
