import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { newStoreKeyCommand } from '../../src/core/new-store-key.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { whyGuessable } from '../../src/store/guessable-key.js';
import { userStateFolder } from '../../src/store/key-file.js';
import { loadStoreKey, parseStoreKey } from '../../src/store/store-key.js';
import { temporaryName } from '../../src/store/temporary-files.js';
import { canBeAnother, nobody, whySkipped } from '../support/other-user.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';
import { testKey } from '../support/test-key.js';

const credential = new SecretValue(`ops_${'c'.repeat(60)}`, 'OP_SERVICE_ACCOUNT_TOKEN');

test.describe('AUTH_SESSIONS_KEY', () => {
  test('is 32 bytes as base64, base64url or hex', () => {
    fc.assert(
      fc.property(fc.nat(), (number) => {
        const buffer = Buffer.from(testKey(String(number)), 'hex');
        const hex = buffer.toString('hex');
        const base64 = buffer.toString('base64');
        for (const text of [
          base64,
          base64.slice(0, -1),
          buffer.toString('base64url'),
          hex,
          hex.toUpperCase(),
        ])
          expect(Buffer.from(parseStoreKey(secret(`${text}\n`)))).toEqual(buffer);
      }),
    );
  });

  test('is nothing else, and the message says how to make one without repeating it', () => {
    const good = randomBytes(32).toString('base64');
    const bad = [
      '',
      'my password',
      good.slice(1),
      `${good}A`,
      `${good}=`,
      `!${good.slice(1)}`,
      'g'.repeat(64),
    ];
    for (const text of [...bad, 'ab'.repeat(31), 'ab'.repeat(33), randomBytes(31).toString('base64')]) {
      const error = errorOf(() => parseStoreKey(secret(text)));
      expect(error).toMatchObject({ code: 'ERR_STORE_KEY_INVALID' });
      expect(String(error)).toContain(newStoreKeyCommand);
      if (text !== '') expect(String(error)).not.toContain(text);
    }
    expect(String(errorOf(() => parseStoreKey(secret('my password'))))).toBe(
      'AuthSessionsError: AUTH_SESSIONS_KEY is not a valid key. Its 11 characters do not encode 32 bytes. ' +
        `Create one with ${newStoreKeyCommand}, and store it with the project's other secrets. ` +
        '[ERR_STORE_KEY_INVALID]',
    );
  });

  test('is refused when it could be guessed, and the message says what speaks against it', () => {
    const guessable = [
      ['0'.repeat(64), 'It has only 1 different bytes among its 32.'],
      ['ab'.repeat(32), 'It has only 1 different bytes among its 32.'],
      ['0123456789abcdef'.repeat(4), 'It has only 8 different bytes among its 32.'],
      [testKey('half').slice(0, 32).repeat(2), 'It has only 16 different bytes among its 32.'],
      [Buffer.from('changeme'.repeat(4)).toString('base64'), 'It has only 7 different bytes among its 32.'],
      [Buffer.from(testKey('hex').slice(0, 32)).toString('base64'), 'different bytes among its 32.'],
      [bytesOf((index) => index), 'Its bytes follow a pattern.'],
      [bytesOf((index) => 255 - 7 * index), 'Its bytes follow a pattern.'],
      [
        Buffer.from('correct horse, battery: STAPLE #9').subarray(0, 32).toString('base64'),
        'are readable text.',
      ],
    ];
    for (const [text = '', known = ''] of guessable) {
      const message = String(errorOf(() => parseStoreKey(secret(text))));
      expect(message).toContain('AUTH_SESSIONS_KEY is guessable.');
      expect(message).toContain(known);
      expect(message).toContain(newStoreKeyCommand);
      expect(message).not.toContain(text);
    }
  });

  test('is never refused when it is random', () => {
    const refused = Array.from({ length: 20_000 }, () => whyGuessable(randomBytes(32))).filter(Boolean);
    expect(refused).toEqual([]);
  });

  test('comes before the vault credential, and that before the key file', async ({ folder }) => {
    const stateFolder = join(folder, 'state');
    const explicitKey = secret(testKey('ab'));
    const sources = { vaultCredential: credential, stateFolder, randomBytes };
    const explicit = await loadStoreKey({ ...sources, explicitKey });
    expect(explicit.source).toBe('AUTH_SESSIONS_KEY');
    expect(Buffer.from(explicit.bytes).toString('hex')).toBe(testKey('ab'));
    expect((await loadStoreKey(sources)).source).toBe('vault credential');
    expect(await readdir(folder)).toEqual([]);
    expect((await loadStoreKey({ stateFolder, randomBytes })).source).toBe('key file');
  });
});

test.describe('the key', () => {
  test('prints without its bytes', async ({ folder }) => {
    const key = await loadStoreKey({
      explicitKey: secret(testKey('ab')),
      stateFolder: folder,
      randomBytes,
    });
    for (const text of [inspect(key, { showHidden: true, depth: null }), JSON.stringify(key)]) {
      expect(text).toContain(key.id);
      expect(text).not.toMatch(/171|abab/);
    }
  });

  test('has an id that is its own, and no part of it', async ({ folder }) => {
    const load = async (hex: string) =>
      loadStoreKey({ explicitKey: secret(hex), stateFolder: folder, randomBytes });
    const one = await load(testKey('ab'));
    const other = await load(testKey('ac'));
    expect(one.id).toMatch(/^[0-9a-f]{16}$/);
    expect((await load(testKey('ab').toUpperCase())).id).toBe(one.id);
    expect(other.id).not.toBe(one.id);
  });
});

test.describe('the vault credential', () => {
  test('gives a key by HKDF with SHA-256, RFC 5869', async ({ folder }) => {
    const key = await loadStoreKey({ vaultCredential: credential, stateFolder: folder, randomBytes });
    const extracted = createHmac('sha256', Buffer.alloc(32)).update(credential.reveal()).digest();
    const info = 'playwright-auth-sessions store key v1\x01';
    expect(Buffer.from(key.bytes)).toEqual(createHmac('sha256', extracted).update(info).digest());
  });

  test('gives the same key everywhere, and another one for another credential', async ({ folder }) => {
    const load = async (text: string) =>
      loadStoreKey({ vaultCredential: secret(text), stateFolder: folder, randomBytes });
    expect((await load('c'.repeat(40))).id).toBe((await load('c'.repeat(40))).id);
    expect((await load('c'.repeat(40))).id).not.toBe((await load('c'.repeat(41))).id);
  });

  test('is refused when it could be guessed', async ({ folder }) => {
    for (const text of ['', ' '.repeat(40), 'hunter2', 'c'.repeat(31)])
      await expect(
        loadStoreKey({ vaultCredential: secret(text), stateFolder: folder, randomBytes }),
      ).rejects.toMatchObject({ code: 'ERR_STORE_KEY_INVALID' });
  });
});

test.describe('the key file', () => {
  test('is made on first use, for this user only, and used again', async ({ folder }) => {
    const stateFolder = join(folder, 'deep', 'state');
    const key = await loadStoreKey({ stateFolder, randomBytes });
    expect(await loadStoreKey({ stateFolder, randomBytes })).toMatchObject({ id: key.id });
    expect(await readdir(stateFolder)).toEqual(['key']);
    const text = await readFile(join(stateFolder, 'key'), 'utf8');
    expect(text).toBe(`${Buffer.from(key.bytes).toString('base64url')}\n`);
    if (!hasFileModes) return;
    expect((await stat(join(stateFolder, 'key'))).mode & 0o777).toBe(0o600);
    expect((await stat(stateFolder)).mode & 0o777).toBe(0o700);
  });

  test('is refused when others may read it, with a message that says how to fix it', async ({ folder }) => {
    test.skip(!hasFileModes);
    const path = join(folder, 'key');
    await loadStoreKey({ stateFolder: folder, randomBytes });
    for (const [mode, verb] of [
      [0o640, 'read'],
      [0o604, 'read'],
      [0o622, 'change'],
      [0o777, 'change'],
    ] as const) {
      await chmod(path, mode);
      const error: unknown = await load(folder).catch((reason: unknown) => reason);
      expect(String(error)).toBe(
        `AuthSessionsError: The key file "${path}" cannot be used. Other users of this machine can ${verb} ` +
          `it (mode 0${mode.toString(8)}). If it is yours, run: chmod 600 '${path}'. Otherwise remove it. ` +
          '[ERR_STORE_KEY_INVALID]',
      );
    }
    await chmod(path, 0o400);
    expect((await load(folder)).source).toBe('key file');
  });

  test('is not made where other users could put their key', async ({ folder }) => {
    test.skip(!hasFileModes);
    await chmod(folder, 0o777);
    await expect(load(folder)).rejects.toThrow(/chmod 700/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('is refused in a folder that others can write, as they can exchange it', async ({ folder }) => {
    test.skip(!hasFileModes);
    await loadStoreKey({ stateFolder: folder, randomBytes });
    await chmod(folder, 0o777);
    await expect(load(folder)).rejects.toThrow(/can change it \(mode 0777\).*chmod 700/);
  });

  test('is not waited for where a pipe has its name, nor read through a link', async ({ folder }) => {
    test.skip(!hasFileModes);
    execFileSync('mkfifo', ['-m', '600', join(folder, 'key')]);
    await expect(load(folder)).rejects.toThrow(/It is not a regular file.*ERR_STORE_KEY_INVALID/);
    await mkdir(join(folder, 'other'));
    await symlink('../key', join(folder, 'other/key'));
    await expect(load(join(folder, 'other'))).rejects.toThrow(/It is not a regular file/);
  });

  test("is not another user's", async ({ folder }) => {
    test.skip(!canBeAnother, whySkipped);
    await loadStoreKey({ stateFolder: folder, randomBytes });
    await chown(join(folder, 'key'), nobody.uid, nobody.gid);
    await expect(load(folder)).rejects.toThrow(/It belongs to another user \(uid 65534\)/);
  });

  test('takes what a killed process has half made away, which is a key', async ({ folder }) => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const half = temporaryName('x').replace(`-${process.pid}.`, `-${pid}.`);
    await writeFile(join(folder, half), 'half', { mode: 0o600 });
    await load(folder);
    expect(await readdir(folder)).toEqual(['key']);
  });

  test('is refused, and left as it is, when it does not hold 32 bytes', async ({ folder }) => {
    const path = join(folder, 'key');
    for (const text of ['', '\n', 'short', randomBytes(31).toString('base64url'), 'ab'.repeat(32)]) {
      await writeFile(path, text, { mode: 0o600 });
      await expect(load(folder)).rejects.toMatchObject({ code: 'ERR_STORE_KEY_INVALID' });
      expect(await readFile(path, 'utf8')).toBe(text);
    }
  });

  test('gives one clear error if it cannot be made', async ({ folder }) => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(load(join(file, 'state'))).rejects.toMatchObject({ code: 'ERR_STORE_UNWRITABLE' });
    await expect(load(file)).rejects.toThrow(/AUTH_SESSIONS_KEY/);
    await mkdir(join(folder, 'key'));
    await expect(load(folder)).rejects.toThrow(/ERR_STORE/);
  });

  test('has its place in the state folder of the user', () => {
    const folder = userStateFolder();
    expect(isAbsolute(folder)).toBe(true);
    expect(folder).toContain('playwright-auth-sessions');
    expect(folder).not.toMatch(/logs?$/i);
    if (process.platform === 'linux' && !process.env.XDG_STATE_HOME)
      expect(folder).toBe(join(homedir(), '.local', 'state', 'playwright-auth-sessions'));
  });

  const load = async (stateFolder: string) => loadStoreKey({ stateFolder, randomBytes });
});

function bytesOf(byte: (index: number) => number): string {
  return Buffer.from(Array.from({ length: 32 }, (_, index) => byte(index) & 0xff)).toString('hex');
}

function secret(text: string): SecretValue {
  return new SecretValue(text, 'AUTH_SESSIONS_KEY');
}

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
