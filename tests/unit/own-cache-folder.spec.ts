import { chmodSync, chownSync, existsSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ownCacheFolder } from '../../src/files/parent-folders.js';
import { canBeAnother, nobody, whySkipped } from '../support/other-user.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

test.skip(!hasFileModes, 'this system has neither file modes nor user numbers');

test('the cache folder is made for its user alone, and used again', ({ folder }) => {
  const wanted = join(folder, 'home/.cache/auth-sessions');
  for (let time = 0; time < 2; time += 1) expect(ownCacheFolder({ folder: wanted })).toBe(wanted);
  expect(statSync(wanted).mode & 0o777).toBe(0o700);
});

test('a cache folder is not used that others can read or change, that is a link, or no folder', ({
  folder,
}) => {
  for (const mode of [0o777, 0o770, 0o755]) {
    const open = join(folder, `open-${mode}`);
    mkdirSync(open);
    chmodSync(open, mode);
    expect(ownCacheFolder({ folder: open }), mode.toString(8)).toBeUndefined();
  }
  const target = join(folder, 'target');
  mkdirSync(target, { mode: 0o700 });
  symlinkSync(target, join(folder, 'link'));
  expect(ownCacheFolder({ folder: join(folder, 'link') })).toBeUndefined();
  expect(ownCacheFolder({ folder: '/dev/null/cache' })).toBeUndefined();
});

test('a cache folder is not made below what others can change', ({ folder }) => {
  for (const mode of [0o777, 0o1777]) {
    const above = join(folder, `above-${mode}`);
    mkdirSync(above);
    chmodSync(above, mode);
    expect(ownCacheFolder({ folder: join(above, 'cache') }), mode.toString(8)).toBeUndefined();
    expect(existsSync(join(above, 'cache'))).toBe(false);
  }
});

test('a cache folder is not made in the home of another user, as sudo may leave it', ({ folder }) => {
  test.skip(!canBeAnother, whySkipped);
  const home = join(folder, 'home');
  mkdirSync(home);
  chownSync(home, nobody.uid, nobody.gid);
  expect(ownCacheFolder({ folder: join(home, '.cache/auth-sessions') })).toBeUndefined();
  expect(existsSync(join(home, '.cache'))).toBe(false);
});
