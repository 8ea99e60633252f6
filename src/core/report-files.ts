/** The folder of a suite's reports, from the folder of its config. */
export const reportsFolder = 'reports/output';

/** Logs of vault accesses in it. Each run replaces its own; scripts add to theirs. */
export const accessLogs = {
  ofRun: 'vault-access.jsonl',
  ofScripts: 'vault-access-of-scripts.jsonl',
} as const;
