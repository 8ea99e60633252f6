import { expect, test } from '@playwright/test';
import { storeState, type StoreStateOptions, type Way } from '../../src/cli/commands/store-state.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { StorageState } from '../../src/core/storage-state.js';
import { emptyState } from '../../src/core/storage-state.js';
import type { JudgedState } from '../../src/session/check-answer.js';
import type { SessionEntry } from '../../src/session/session-entry.js';
import { createStyle } from '../../src/cli/terminal/style.js';
import { declareSession, stateOf } from '../support/declared-session.js';

const down = new AuthSessionsError('ERR_APPLICATION_UNREACHABLE', {
  failed: 'Session "admin" was not checked: nothing answers at http://localhost:3000.',
  known: 'page.goto: net::ERR_CONNECTION_REFUSED at http://localhost:3000/',
  next: 'Start the application.',
});
const recording: Way = {
  ...{ done: 'recorded', act: 'record it', again: 'Record it again', from: 'The window' },
  keepsUnchecked: true,
};

function store(state: StorageState, { by = recording, force = false } = {}) {
  const kept: string[] = [];
  const session = declareSession({ type: 'recorder' });
  const entry = { session, baseURL: 'http://localhost:3000' } as SessionEntry;
  const record = { id: 'new', session: 'admin', createdAtMs: 0, checkedAtMs: 0, doubtedAtMs: 0, state };
  const judged: JudgedState = { signedIn: false, checks: 3, notes: [], record, unanswered: down };
  const options = {
    engine: {
      desk: { judge: () => Promise.resolve(judged), keep: () => Promise.resolve(kept.push('kept')) },
      whileUsing: (_: unknown, work: () => Promise<unknown>) => work(),
      greeting: { store: 'memory' },
    },
    context: {
      progress: { during: (_: string, work: () => Promise<unknown>) => work() },
      ...{ signal: new AbortController().signal, note: () => undefined, clock: { nowMs: () => 0 } },
      style: createStyle({ env: {}, isTerminal: false }),
    },
    ...{ by, force },
  } as unknown as StoreStateOptions;
  return { kept, stored: storeState(entry, state, options) };
}

test('a recording stays if the application does not answer its check, and that is an error', async () => {
  const { kept, stored } = store(stateOf('x'));
  const { text, errors, data } = await stored;
  expect(kept).toEqual(['kept']);
  expect(data.signedIn).toBeNull();
  expect(text).toMatch(
    /^✓ admin recorded: not checked, because the application did not answer \(.*\)\.\n {2}It is checked before its next use\. It lasts/,
  );
  expect(errors.map(({ message }) => message)).toEqual([
    'Session "admin" was not checked: nothing answers at http://localhost:3000. page.goto: ' +
      'net::ERR_CONNECTION_REFUSED at http://localhost:3000/ Start the application, or correct its address. ' +
      'Then run: npx playwright-auth-sessions check admin [ERR_APPLICATION_UNREACHABLE]',
  ]);
});

test('an import is not stored then, unless it is forced: its file is there', async () => {
  const by = { ...recording, done: 'imported', act: 'import it', keepsUnchecked: false };
  const refused = store(stateOf('x'), { by });
  await expect(refused.stored).rejects.toMatchObject({ code: 'ERR_APPLICATION_UNREACHABLE' });
  expect(refused.kept).toEqual([]);
  const forced = store(stateOf('x'), { by, force: true });
  expect((await forced.stored).errors).toEqual([]);
  expect(forced.kept).toEqual(['kept']);
});

test('a window without any state is not stored, even if nothing answers', async () => {
  const { kept, stored } = store(emptyState);
  await expect(stored).rejects.toThrow('The window has no cookies and no storage.');
  expect(kept).toEqual([]);
});
