import { execFileSync } from 'node:child_process';
import fs, {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from '@playwright/test';
import { removeOwnTree } from '../../src/files/remove-own-tree.js';
import { canBeAnother, nobody, whySkipped } from '../support/other-user.js';
import { propertyRuns } from '../support/property-runs.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

test('a tree of ours goes with all that is in it', ({ folder }) => {
  const tree = makeTree(folder);
  expect(removeOwnTree(tree)).toBe(true);
  expect(existsSync(tree)).toBe(false);
});

test('a tree that is gone already is no trouble', ({ folder }) => {
  expect(removeOwnTree(join(folder, 'none'))).toBe(true);
});

test.describe('on systems with users', () => {
  test.skip(!hasFileModes, 'this system has neither file modes nor user numbers');

  test('a tree goes although a file in it vanishes meanwhile', ({ folder }) => {
    const tree = makeTree(folder);
    expect(whileOneVanishes(() => removeOwnTree(tree))).toEqual({ hasVanished: true, result: true });
    expect(existsSync(tree)).toBe(false);
  });

  test('links, pipes and folders without rights go, and what links lead to stays', ({ folder }) => {
    const victim = makeTree(folder, 'victim');
    const tree = makeTree(folder);
    symlinkSync(victim, join(tree, 'link'));
    symlinkSync('nowhere', join(tree, 'a/broken'));
    execFileSync('mkfifo', [join(tree, 'pipe')]);
    chmodSync(join(tree, 'a/b'), 0o777);
    expect(removeOwnTree(tree)).toBe(true);
    expect(existsSync(tree)).toBe(false);
    expect(existsSync(join(victim, 'a/b/c'))).toBe(true);
  });

  test('a link in the place of the tree stays, and so does what it leads to', ({ folder }) => {
    const victim = makeTree(folder, 'victim');
    symlinkSync(victim, join(folder, 'tree'));
    expect(removeOwnTree(join(folder, 'tree'))).toBe(false);
    expect(existsSync(join(victim, 'a/b/c'))).toBe(true);
  });

  test('a tree that others may read or change stays', ({ folder }) => {
    const tree = makeTree(folder);
    for (const mode of [0o755, 0o770, 0o707]) {
      chmodSync(tree, mode);
      expect(removeOwnTree(tree)).toBe(false);
    }
    expect(existsSync(join(tree, 'a/b/c'))).toBe(true);
  });

  test('a tree in a folder whose names others may change stays', ({ folder }) => {
    const tree = makeTree(folder);
    chmodSync(folder, 0o777);
    expect(removeOwnTree(tree)).toBe(false);
    chmodSync(folder, 0o1777);
    expect(removeOwnTree(tree)).toBe(true);
  });

  test("another user's tree stays, and so does another user's folder in a tree of ours", ({ folder }) => {
    test.skip(!canBeAnother, whySkipped);
    const theirs = makeTree(folder, 'theirs');
    chownSync(theirs, nobody.uid, nobody.gid);
    expect(removeOwnTree(theirs)).toBe(false);
    const tree = makeTree(folder);
    chownSync(join(tree, 'a'), nobody.uid, nobody.gid);
    expect(removeOwnTree(tree)).toBe(false);
    for (const one of [theirs, tree]) expect(existsSync(join(one, 'a/b/c'))).toBe(true);
  });

  test('a tree of the injected user only is removed', ({ folder }) => {
    const tree = makeTree(folder);
    const { uid, gid } = lstatSync(tree);
    expect(removeOwnTree(tree, { user: { uid: uid + 1, gid } })).toBe(false);
    expect(existsSync(tree)).toBe(true);
  });

  test('several processes remove a tree at once, and one of them succeeds', ({ folder }) => {
    const tree = makeTree(folder);
    mkdirSync(join(folder, 'own'), { mode: 0o700 });
    expect(removeOwnTree(tree, { moveTo: join(folder, 'own/gone') })).toBe(true);
    expect(readdirSync(join(folder, 'own'))).toEqual([]);
    expect(() => removeOwnTree(tree, { moveTo: join(folder, 'own/gone') })).not.toThrow();
  });

  test('a folder that is a link one moment and a folder the next leads nowhere', async ({ folder }) => {
    test.skip(
      process.platform !== 'linux',
      'elsewhere only other users are kept out, and they cannot rename there',
    );
    const victim = join(folder, 'victim');
    mkdirSync(victim, { mode: 0o700 });
    const files = Array.from({ length: 20 }, (_, index) => join(victim, `file-${index}`));
    for (const file of files) writeFileSync(file, 'x');
    const tree = join(folder, 'tree');
    const swapper = startSwapper(join(tree, 'a'), victim);
    for (let round = 0; round < propertyRuns(150); round += 1) {
      const prepared = join(folder, `prepared-${round}`);
      mkdirSync(join(prepared, 'a'), { recursive: true, mode: 0o700 });
      for (let index = 0; index < files.length; index += 1)
        writeFileSync(join(prepared, 'a', `file-${index}`), 'x');
      quietly(() => renameSync(prepared, tree));
      quietly(() => removeOwnTree(tree));
    }
    await swapper.terminate();
    expect(readdirSync(victim)).toHaveLength(files.length);
  });
});

function makeTree(parent: string, name = 'tree'): string {
  const tree = join(parent, name);
  mkdirSync(join(tree, 'a/b'), { recursive: true, mode: 0o700 });
  writeFileSync(join(tree, 'a/b/c'), 'x');
  writeFileSync(join(tree, 'd'), 'x');
  return tree;
}

/** The first file is gone just before it is removed, as the files of an ending browser may be. */
function whileOneVanishes<Result>(act: () => Result): { hasVanished: boolean; result: Result } {
  const { unlinkSync } = fs;
  let hasVanished = false;
  fs.unlinkSync = (file) => {
    if (!hasVanished) unlinkSync(file);
    hasVanished = true;
    unlinkSync(file);
  };
  syncBuiltinESMExports();
  try {
    return { result: act(), hasVanished };
  } finally {
    fs.unlinkSync = unlinkSync;
    syncBuiltinESMExports();
  }
}

/** A thread that never stops to put a link to `victim` in the place of a folder, and the folder back. */
function startSwapper(folder: string, victim: string): Worker {
  const source = `
    const { workerData: { folder, victim } } = require('node:worker_threads');
    const fs = require('node:fs');
    const quietly = (act) => { try { act(); } catch {} };
    for (;;) {
      quietly(() => fs.renameSync(folder, folder + '-aside'));
      quietly(() => fs.symlinkSync(victim, folder));
      quietly(() => fs.unlinkSync(folder));
      quietly(() => fs.renameSync(folder + '-aside', folder));
    }`;
  return new Worker(source, { eval: true, workerData: { folder, victim } });
}

function quietly(act: () => unknown): void {
  try {
    act();
  } catch {
    // The other thread has been there.
  }
}
