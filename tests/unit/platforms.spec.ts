import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import envPaths from 'env-paths';
import { hasDisplay } from '../../src/browser/display.js';
import { requireDisplay } from '../../src/cli/engine/require-display.js';
import { isOpen } from '../../src/cli/files/add-local-keys.js';
import { defaultAnswers } from '../../src/cli/init/answers.js';
import { plannedReferences } from '../../src/cli/init/named-references.js';
import { vaultCommands } from '../../src/cli/init/vault-commands.js';
import { quotePath } from '../../src/cli/terminal/quote-path.js';
import { openToOthers } from '../../src/credentials/confined-secrets.js';
import { guardMemory } from '../../src/credentials/guard-memory.js';
import { listParentFolders, longestSocket } from '../../src/files/parent-folders.js';
import { nameHost } from '../../src/files/process-identity.js';
import { removeOwnTree } from '../../src/files/remove-own-tree.js';
import { isBusyOnWindows } from '../../src/store/atomic-file.js';
import { userStateFolder } from '../../src/store/key-file.js';
import { brokerAddress, isNamedPipe } from '../../src/wire/broker-address.js';
import { test } from '../support/store/temporary-folder.js';

const root = join(import.meta.dirname, '../..');
const systems = ['linux', 'darwin', 'win32'] as const;

test('code asks for the platform only as the default of a parameter, so that tests can give another', () => {
  const asked = /process\.platform|\bplatform\(\)|\bos\.type\(/;
  const asDefault = /\bplatform(: NodeJS\.Platform)? = process\.platform\b/g;
  const found = ['src', 'fixtures', 'reports'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .map((name) => `${room}/${name.replaceAll('\\', '/')}`)
      .filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.startsWith('reports/output/'))
      .filter((file) => asked.test(readFileSync(join(root, file), 'utf8').replaceAll(asDefault, ''))),
  );
  // It names the machine in the report.
  expect(found).toEqual(['reports/allure-reporter.ts']);
});

test('a broker has a named pipe on Windows, and a socket in the private folder elsewhere', () => {
  expect(brokerAddress('/run/a', 'linux')).toBe(join('/run/a', 's'));
  expect(brokerAddress('/run/a', 'darwin')).toBe(join('/run/a', 's'));
  expect(isNamedPipe(brokerAddress('C:\\Temp\\a', 'win32'))).toBe(true);
  expect(isNamedPipe(brokerAddress('/run/a', 'linux'))).toBe(false);
});

test("a socket's path is shorter outside of Linux", () => {
  expect(systems.map((system) => longestSocket(system))).toEqual([107, 103, 103]);
});

test("on Windows, the profile's temporary folder is the only place for private files", ({ folder }) => {
  const temporaryFolders = [folder, join(folder, 'other')];
  expect([...listParentFolders({ platform: 'win32', temporaryFolders }, [])]).toEqual([folder]);
});

test('a file is open to others by its mode, which Windows does not have', async ({ folder }) => {
  const file = join(folder, 'token');
  writeFileSync(file, 'x');
  chmodSync(file, 0o666);
  for (const system of ['linux', 'darwin'] as const) {
    expect(openToOthers(file, system)).toContain(`run chmod 600 on it`);
    expect(await isOpen(file, system)).toBe(true);
  }
  expect(openToOthers(file, 'win32')).toBeUndefined();
  expect(await isOpen(file, 'win32')).toBe(false);
});

test('the state of a user is in no folder of logs, which macOS and Windows collect', () => {
  const { log, data } = envPaths('playwright-auth-sessions', { suffix: '' });
  expect(systems.map((system) => userStateFolder(system))).toEqual([log, data, data]);
});

test('a machine is known by its name, and on Linux also by its boot and namespace', () => {
  expect(nameHost('darwin')).toBe(hostname());
  expect(nameHost('win32')).toBe(hostname());
  expect(nameHost('linux')).toMatch(/^\S+ \S+ \S+$/);
});

test('only Windows has files that are busy', () => {
  const failure = (code: string) => Object.assign(new Error(code), { code, syscall: 'rename' });
  for (const code of ['EPERM', 'EACCES', 'EBUSY'])
    expect(systems.filter((system) => isBusyOnWindows(failure(code), system))).toEqual(['win32']);
  expect(isBusyOnWindows(failure('ENOSPC'), 'win32')).toBe(false);
});

test('a tree is removed without paths of descriptors, which macOS does not have', ({ folder }) => {
  const tree = join(folder, 'tree');
  mkdirSync(join(tree, 'a/b'), { recursive: true, mode: 0o700 });
  writeFileSync(join(tree, 'a/b/c'), '');
  expect(removeOwnTree(tree, { platform: 'darwin' })).toBe(true);
  expect(existsSync(tree)).toBe(false);
});

test('the signal that opens a debugger is held where it exists', () => {
  const before = process.listeners('SIGUSR1');
  process.removeAllListeners('SIGUSR1');
  try {
    guardMemory({ platform: 'win32' });
    expect(process.listenerCount('SIGUSR1')).toBe(0);
    guardMemory({ platform: 'darwin' });
    guardMemory({ platform: 'darwin' });
    expect(process.listenerCount('SIGUSR1')).toBe(1);
  } finally {
    process.removeAllListeners('SIGUSR1');
    for (const listener of before) process.on('SIGUSR1', listener);
  }
});

test('only Linux needs a variable to show a window', () => {
  expect(systems.filter((system) => hasDisplay({}, system))).toEqual(['darwin', 'win32']);
  expect(() => requireDisplay({}, 'win32')).not.toThrow();
  expect(() => requireDisplay({}, 'linux')).toThrow('A visible browser needs a display.');
});

test("a path in a command is quoted for the person's shell", () => {
  expect(quotePath('tests/a.ts', 'win32')).toBe('tests/a.ts');
  expect(quotePath('C:\\my site\\.env', 'win32')).toBe('"C:\\my site\\.env"');
  expect(quotePath('my site/$HOME', 'linux')).toBe('"my site/\\$HOME"');
  expect(quotePath("a\n'b'", 'darwin')).toMatch(/^\$'.*'$/);
});

test("on Windows, the vault's commands say which shell they are for", () => {
  const references = plannedReferences(defaultAnswers);
  const posix = vaultCommands('automation', references, 'linux');
  expect(posix).toMatch(/^# The vault/);
  const windows = vaultCommands('automation', references, 'win32');
  expect(windows).toMatch(/^# These commands are for bash, .+ Git Bash or WSL/);
  expect(windows.endsWith(`\n\n${posix}`)).toBe(true);
});
