import { currentRun } from '../src/run/current-run.js';

/**
 * Before the tests of a run. In UI mode and editors, the broker outlives a run: the next one gets another if its sources
 * have changed, and failures of the last run may be tried again.
 */
export async function prepareRun(): Promise<void> {
  const change = await currentRun.broker?.prepareRun().catch(failWithoutFrames);
  if (change === 'restarted')
    process.stderr.write(
      'auth-sessions: sessions, flows or local credentials have changed and are loaded again\n',
    );
}

/** The lines of this package say nothing about the file that cannot be loaded. */
function failWithoutFrames(error: unknown): never {
  if (error instanceof Error) error.stack = `${error.name}: ${error.message}`;
  throw error;
}
