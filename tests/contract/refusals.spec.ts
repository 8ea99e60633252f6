import { execFileSync } from 'node:child_process';
import { mkdir, readdir, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { createFileRefusals } from '../../src/store/file-refusals.js';
import { createMemoryRefusals } from '../../src/store/memory-refusals.js';
import { refusalAt, testRefusals } from '../support/store/refusals-contract.js';
import { systemClock } from '../support/store/system-clock.js';
import { test } from '../support/store/temporary-folder.js';

testRefusals('refusals in memory', ({ clock }) => createMemoryRefusals({ clock }));

testRefusals('refusals in files', ({ clock, folder }) => createFileRefusals({ clock, folder }));

testRefusals('refusals in files, of a new process for every call', ({ clock, folder }) => {
  const create = () => createFileRefusals({ clock, folder });
  return {
    get: async (account) => create().get(account),
    put: async (account, refusal) => create().put(account, refusal),
    remove: async (account) => create().remove(account),
  };
});

test.describe('refusals in files', () => {
  test('are for this user alone, in a store that git ignores', async ({ folder }) => {
    test.skip(process.platform === 'win32', 'Windows has no such modes');
    const store = join(folder, '.auth-sessions');
    await createFileRefusals({ clock: systemClock, folder: store }).put('one', refusalAt(systemClock));
    expect((await stat(join(store, 'refusals'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(store, 'refusals', 'one.refusal'))).mode & 0o777).toBe(0o600);
    expect(await readdir(store)).toEqual(['.gitignore', 'refusals']);
  });

  for (const [what, spoil] of [
    ['cut short', (file: string) => writeFile(file, '{"session":"adm')],
    ['empty', (file: string) => writeFile(file, '')],
    ['a link', (file: string) => symlink('/dev/null', file)],
    ['a folder', (file: string) => mkdir(file)],
    ['a pipe', (file: string) => Promise.resolve(execFileSync('mkfifo', [file]))],
    ['one that says it holds for a year', (file: string) => writeFile(file, endless())],
  ] as const)
    test(`hold for a day when what is there cannot be read: ${what}`, async ({ folder }) => {
      test.skip(process.platform === 'win32', 'Windows has neither such links nor pipes');
      const refusals = createFileRefusals({ clock: systemClock, folder });
      await mkdir(join(folder, 'refusals'));
      await spoil(join(folder, 'refusals', 'one.refusal'));
      expect(await refusals.get('one')).toMatchObject({ session: '?', ttlMs: 86_400_000 });
      const later = { ...systemClock, nowMs: () => Date.now() + 86_400_000 };
      expect(await createFileRefusals({ clock: later, folder }).get('one')).toBeUndefined();
    });

  test('a new refusal removes those that ended long ago', async ({ folder }) => {
    const refusals = createFileRefusals({ clock: systemClock, folder });
    for (const name of ['old', 'young']) await refusals.put(name, refusalAt(systemClock));
    const longAgo = new Date(Date.now() - 3 * 86_400_000);
    await utimes(join(folder, 'refusals', 'old.refusal'), longAgo, longAgo);
    await refusals.put('new', refusalAt(systemClock));
    expect((await readdir(join(folder, 'refusals'))).sort()).toEqual(['new.refusal', 'young.refusal']);
  });

  test('a refusal that cannot be written is reported as a store that cannot be written', async ({
    folder,
  }) => {
    await writeFile(join(folder, 'store'), 'a file has its place');
    const refusals = createFileRefusals({ clock: systemClock, folder: join(folder, 'store') });
    await expect(refusals.put('one', refusalAt(systemClock))).rejects.toMatchObject({
      code: 'ERR_STORE_UNWRITABLE',
    });
  });
});

function endless(): string {
  return JSON.stringify(refusalAt(systemClock, { ttlMs: 365 * 86_400_000 }));
}
