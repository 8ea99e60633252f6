import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { currentUser } from '../../src/files/own-path.js';
import { createProcessFolder, removeProcessFolder } from '../../src/files/process-folder.js';
import { thisProcess, type ProcessIdentity } from '../../src/files/process-identity.js';
import { canBeAnother, nobody, startAsNobody, whySkipped } from '../support/other-user.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

const dayMs = 24 * 60 * 60_000;

test('is for its user alone, and says whose it is', ({ folder }) => {
  test.skip(!hasFileModes, 'this system has no file modes');
  const mask = process.umask(0);
  try {
    const made = createIn(folder);
    const paths = [made.folder, made.temporary, join(made.folder, 'owner.json')];
    expect(paths.map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o600]);
    expect(JSON.parse(readFileSync(join(made.folder, 'owner.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(thisProcess())),
    );
  } finally {
    process.umask(mask);
  }
});

test('goes with all that is in it, and may be gone before', ({ folder }) => {
  const made = createIn(folder);
  mkdirSync(join(made.temporary, 'a/b'), { recursive: true });
  writeFileSync(join(made.temporary, 'a/b/c'), 'x');
  expect(removeProcessFolder(made.folder)).toBe(true);
  expect(existsSync(made.folder)).toBe(false);
  expect(removeProcessFolder(made.folder)).toBe(true);
});

test.describe('is made', () => {
  test.skip(!hasFileModes, 'this system has neither file modes nor user numbers');

  test("in the user's runtime folder, else in a temporary folder of the user, else in the cache", ({
    folder,
  }) => {
    const [runtimeFolder, temporaryFolder, cacheFolder] = ['run', 'tmp', 'c/ache'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    mkdirSync(runtimeFolder, { mode: 0o700 });
    mkdirSync(temporaryFolder, { mode: 0o755 });
    const placeOf = () =>
      createProcessFolder({ runtimeFolder, temporaryFolders: [temporaryFolder], cacheFolder }).folder.replace(
        /[^/]+$/,
        '',
      );
    expect(placeOf()).toBe(`${runtimeFolder}/`);
    chmodSync(runtimeFolder, 0o750);
    expect(placeOf()).toBe(`${temporaryFolder}/`);
    expect(existsSync(cacheFolder)).toBe(false);
    chmodSync(temporaryFolder, 0o1777);
    expect(placeOf()).toBe(`${cacheFolder}/`);
    expect(statSync(cacheFolder).mode & 0o777).toBe(0o700);
  });

  test('in no folder that is a link, that is relative, or that is not there', ({ folder }) => {
    const temporaryFolder = join(folder, 'tmp');
    mkdirSync(temporaryFolder);
    symlinkSync(temporaryFolder, join(folder, 'link'));
    for (const runtimeFolder of [join(folder, 'link'), 'relative', join(folder, 'none'), '', undefined])
      expect(createProcessFolder({ runtimeFolder, temporaryFolders: [temporaryFolder] }).folder).toContain(
        temporaryFolder,
      );
  });

  test('in the temporary folder of all users when the home cannot be written or is too long', ({
    folder,
  }) => {
    const temporaryFolder = join(folder, 'tmp');
    mkdirSync(temporaryFolder);
    chmodSync(temporaryFolder, 0o1777);
    writeFileSync(join(folder, 'file'), '');
    for (const cacheFolder of [join(folder, 'file/cache'), join(folder, 'long'.repeat(30))]) {
      const made = createProcessFolder({
        runtimeFolder: undefined,
        temporaryFolders: [temporaryFolder],
        cacheFolder,
      });
      expect(made.folder).toContain(temporaryFolder);
    }
  });

  test('with room in its path for the socket of Chromium, which is deeper', ({ folder }) => {
    const runtimeFolder = join(folder, 'x'.repeat(60 - folder.length));
    const temporaryFolder = join(folder, 't');
    for (const one of [runtimeFolder, temporaryFolder]) mkdirSync(one, { mode: 0o700 });
    const made = createProcessFolder({ runtimeFolder, temporaryFolders: [temporaryFolder] });
    expect(made.folder).toContain(`${temporaryFolder}/`);
    const chromium = join(made.temporary, 'org.chromium.Chromium.XXXXXX/SingletonSocket');
    expect(chromium.length).toBeLessThanOrEqual(103);
    expect(readdirSync(runtimeFolder)).toEqual([]);
    const alone = createProcessFolder({ runtimeFolder, temporaryFolders: [], cacheFolder: '/dev/null/x' });
    expect(alone.folder).toContain(`${runtimeFolder}/`);
  });

  test('nowhere when others may rename what is in every place, and says why for each', ({ folder }) => {
    const temporaryFolder = join(folder, 'tmp');
    mkdirSync(temporaryFolder);
    const { uid, gid } = currentUser() ?? nobody;
    // To another user every place here is somebody else's.
    const create = () =>
      createProcessFolder({
        runtimeFolder: temporaryFolder,
        temporaryFolders: [temporaryFolder],
        cacheFolder: join(folder, 'cache'),
        platform: 'linux',
        user: { uid: uid + 1, gid },
      });
    chmodSync(temporaryFolder, 0o777);
    expect(create).toThrow(/ERR_FOLDER_NOT_PRIVATE/);
    expect(create).toThrow(`"${temporaryFolder}": It belongs to another user (uid ${uid}).`);
    expect(create).toThrow('set TMPDIR to it');
    expect(existsSync(join(folder, 'cache'))).toBe(false);
  });

  test('below no home that another user owns, as sudo may leave it', ({ folder }) => {
    test.skip(!canBeAnother, whySkipped);
    const home = join(folder, 'home');
    mkdirSync(home);
    chownSync(home, nobody.uid, nobody.gid);
    const temporaryFolder = join(folder, 'tmp');
    mkdirSync(temporaryFolder);
    chmodSync(temporaryFolder, 0o1777);
    const made = createProcessFolder({
      runtimeFolder: home,
      temporaryFolders: [temporaryFolder],
      cacheFolder: join(home, '.cache/auth-sessions'),
    });
    expect(made.folder).toContain(temporaryFolder);
    expect(readdirSync(home)).toEqual([]);
  });

  test('on another disk when the first is full', ({ folder }) => {
    const full = join(folder, 'full');
    mkdirSync(full, { mode: 0o700 });
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', full]);
    test.skip(
      mounted.status !== 0,
      'a small disk cannot be mounted here; a disk without room is refused like one without rights',
    );
    try {
      const temporaryFolder = join(folder, 't');
      mkdirSync(temporaryFolder);
      const made = createProcessFolder({ runtimeFolder: full, temporaryFolders: [temporaryFolder] });
      expect(made.folder).toContain(`${temporaryFolder}/`);
      expect(readdirSync(full)).toEqual([]);
    } finally {
      spawnSync('umount', [full]);
    }
  });
});

test.describe('removes what a killed process has left', () => {
  test('and nothing else', ({ folder }) => {
    place(folder, 'auth-sessions-dead', dead());
    place(folder, 'auth-sessions-alive', thisProcess());
    place(folder, 'auth-sessions-beginning', undefined);
    place(folder, 'auth-sessions-odd', 'hello');
    place(folder, 'auth-sessions-group', { ...thisProcess(), pid: 0 });
    place(folder, 'auth-sessions-all', { ...thisProcess(), pid: -1 });
    place(folder, 'other-dead', dead());
    writeFileSync(join(folder, 'auth-sessions-file'), 'x');
    expect(leftAfterCreating(folder)).toEqual([
      'auth-sessions-alive',
      'auth-sessions-all',
      'auth-sessions-beginning',
      'auth-sessions-file',
      'auth-sessions-group',
      'auth-sessions-odd',
      'other-dead',
    ]);
  });

  test('also when its number is that of another process by now', ({ folder }) => {
    test.skip(process.platform !== 'linux', 'only Linux tells when a process was started');
    place(folder, 'auth-sessions-reused', { ...thisProcess(), start: '1' });
    expect(leftAfterCreating(folder)).toEqual([]);
  });

  test('not when its number counts in another container or on another machine', ({ folder }) => {
    const [name = '', boot = '', namespace = ''] = thisProcess().host.split(' ');
    place(folder, 'auth-sessions-container', { ...dead(), host: `${name} ${boot} pid:[1]` });
    place(folder, 'auth-sessions-reboot', { ...dead(), host: `${name} other ${namespace}` });
    place(folder, 'auth-sessions-machine', { ...dead(), host: `other ${boot} ${namespace}` });
    const all = ['auth-sessions-container', 'auth-sessions-machine', 'auth-sessions-reboot'];
    expect(leftAfterCreating(folder)).toEqual(all);
    expect(leftAfterCreating(folder, Date.now() + 6 * dayMs)).toEqual(all);
    expect(leftAfterCreating(folder, Date.now() + 8 * dayMs)).toEqual([]);
  });

  test('not while a process that cannot be seen says from time to time that it lives', ({ folder }) => {
    const other = place(folder, 'auth-sessions-container', { ...dead(), host: 'elsewhere' });
    const laterMs = Date.now() + 8 * dayMs;
    utimesSync(join(other, 'owner.json'), laterMs / 1000, laterMs / 1000);
    expect(leftAfterCreating(folder, laterMs)).toEqual(['auth-sessions-container']);
  });

  test('not while its process lives, however long', ({ folder }) => {
    place(folder, 'auth-sessions-alive', thisProcess());
    expect(leftAfterCreating(folder, Date.now() + 100 * dayMs)).toEqual(['auth-sessions-alive']);
  });

  test('not that of a live process in a container which shares the folder', ({ folder }) => {
    const script = `
      const { mkdirSync, readFileSync, readlinkSync, writeFileSync } = require('node:fs');
      const [, folder, host] = process.argv;
      const namespace = readlinkSync('/proc/self/ns/pid');
      mkdirSync(folder, { mode: 0o700 });
      const owner = { host: host.replace(/pid:.*/, namespace), pid: 4194300 };
      writeFileSync(folder + '/owner.json', JSON.stringify(owner), { mode: 0o600 });`;
    const inNamespace = ['--pid', '--fork', '--mount-proc', process.execPath, '-e', script];
    const other = join(folder, 'auth-sessions-container');
    const { status } = spawnSync('unshare', [...inNamespace, other, thisProcess().host]);
    test.skip(status !== 0, 'no namespace can be made here; the test with injected identities says the same');
    expect(leftAfterCreating(folder)).toEqual(['auth-sessions-container']);
  });

  test('and is held up by no pipe, and follows no link', ({ folder }) => {
    test.skip(!hasFileModes, 'links and pipes need rights');
    const pipe = place(folder, 'auth-sessions-pipe', undefined);
    spawnSync('mkfifo', ['-m', '600', join(pipe, 'owner.json')]);
    const elsewhere = place(folder, 'elsewhere', dead());
    symlinkSync(elsewhere, join(folder, 'auth-sessions-link'));
    const linked = place(folder, 'auth-sessions-linked', undefined);
    symlinkSync(join(elsewhere, 'owner.json'), join(linked, 'owner.json'));
    const left = ['auth-sessions-link', 'auth-sessions-linked', 'auth-sessions-pipe', 'elsewhere'];
    expect(leftAfterCreating(folder)).toEqual(left);
    expect(readdirSync(elsewhere)).toEqual(['owner.json']);
  });

  test("not another user's, nor one that others can write", ({ folder }) => {
    test.skip(!canBeAnother, whySkipped);
    const theirs = place(folder, 'auth-sessions-theirs', dead());
    for (const path of [join(theirs, 'owner.json'), theirs]) chownSync(path, nobody.uid, nobody.gid);
    chmodSync(place(folder, 'auth-sessions-open', dead()), 0o777);
    expect(leftAfterCreating(folder)).toEqual(['auth-sessions-open', 'auth-sessions-theirs']);
  });
});

test('another user who renames folders meanwhile has nothing of ours removed', async ({ folder }) => {
  test.skip(!canBeAnother, whySkipped);
  chmodSync(folder, 0o711);
  const shared = join(folder, 'tmp');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  const victim = join(folder, 'victim');
  mkdirSync(victim, { mode: 0o700 });
  for (const name of ['owner.json', 'precious']) writeFileSync(join(victim, name), 'x');
  const attacker = await startAsNobody(attack, [shared, victim, JSON.stringify(dead())]);
  try {
    for (let round = 0; round < 200; round += 1)
      removeProcessFolder(
        createProcessFolder({
          runtimeFolder: undefined,
          temporaryFolders: [shared],
          cacheFolder: '/dev/null/x',
        }).folder,
      );
  } finally {
    attacker.kill('SIGKILL');
    await new Promise((resolve) => attacker.once('close', resolve));
  }
  expect(readdirSync(victim).sort()).toEqual(['owner.json', 'precious']);
  rmSync(shared, { recursive: true });
});

/** A folder that looks left behind, full of files to remove, which is a link to the victim's the next moment. */
const attack = `
  const fs = require('node:fs');
  const [, shared, victim, owner] = process.argv;
  const folder = shared + '/auth-sessions-attack';
  const make = () => {
    fs.mkdirSync(folder + '/t', { recursive: true, mode: 0o700 });
    fs.writeFileSync(folder + '/owner.json', owner, { mode: 0o600 });
    for (let index = 0; index < 50; index += 1) fs.writeFileSync(folder + '/t/' + index, '');
    fs.writeFileSync(folder + '/precious', '');
  };
  const quietly = (act) => { try { act(); } catch {} };
  make();
  console.log('ready');
  for (;;) {
    quietly(() => fs.renameSync(folder, folder + '-aside'));
    quietly(() => fs.symlinkSync(victim, folder));
    quietly(() => fs.unlinkSync(folder));
    quietly(() => fs.renameSync(folder + '-aside', folder));
    quietly(make);
  }`;

function createIn(folder: string, nowMs?: number) {
  return createProcessFolder({
    runtimeFolder: undefined,
    temporaryFolders: [folder],
    ...(nowMs !== undefined && { nowMs }),
  });
}

function leftAfterCreating(folder: string, nowMs?: number): string[] {
  const { folder: made } = createIn(folder, nowMs);
  const left = readdirSync(folder).filter((name) => !made.endsWith(name));
  expect(readdirSync(made).sort()).toEqual(['owner.json', 't']);
  removeProcessFolder(made);
  return left.sort();
}

function place(parent: string, name: string, owner: ProcessIdentity | string | undefined): string {
  const folder = join(parent, name);
  mkdirSync(folder, { mode: 0o700 });
  if (owner !== undefined) writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner), { mode: 0o600 });
  return folder;
}

function dead(): ProcessIdentity {
  return { host: thisProcess().host, pid: spawnSync(process.execPath, ['-e', '']).pid };
}
