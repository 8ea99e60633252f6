import type { FullConfig } from '@playwright/test/reporter';

type Reporters = Pick<FullConfig, 'reporter'>;

/** A command line with `--reporter` replaces the config's reporters, ours with them. */
export function hasOwnReporter({ reporter }: Reporters): boolean {
  return reporter.some(([name]) => /[\\/]reports[\\/]reporter\.[jt]s$/.test(name));
}

/** Whether somebody reads along; else standard output may be read by a machine. */
export function hasReporterForPeople({ reporter }: Reporters): boolean {
  return reporter.some(([name]) => ['list', 'line', 'dot', 'github'].includes(name));
}
