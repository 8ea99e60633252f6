import type { FullConfig } from '@playwright/test/reporter';

/** A blob report in `merge-reports`, which reporters of version 2 get before its tests. In Playwright 1.65.1. */
export interface MergedReport {
  /** Absolute path of the `.zip`. */
  readonly reportPath: string;
  /** The config of the run that wrote it. */
  readonly config: FullConfig;
}

/**
 * In `merge-reports`, the folder of the config; otherwise `undefined`. From the options that Playwright 1.65.1 gives each
 * reporter; tests/integration/merged-reports.spec.ts fails if they change.
 */
export function mergeFolderOf(reporterOptions: unknown): string | undefined {
  if (typeof reporterOptions !== 'object' || reporterOptions === null) return undefined;
  const { _mode, configDir } = reporterOptions as { _mode?: unknown; configDir?: unknown };
  return _mode === 'merge' && typeof configDir === 'string' ? configDir : undefined;
}
