import type { FullConfig } from '@playwright/test/reporter';

type Reporters = Pick<FullConfig, 'reporter'>;

/** `--reporter` on the command line replaces the config's reporters, including ours. */
export function hasOwnReporter({ reporter }: Reporters): boolean {
  return reporter.some(([name]) => /[\\/]reports[\\/]reporter\.[jt]s$/.test(name));
}

/** Whether a person reads the output; otherwise a machine may read standard output. */
export function hasReporterForPeople({ reporter }: Reporters): boolean {
  return reporter.some(([name]) => ['list', 'line', 'dot', 'github'].includes(name));
}
