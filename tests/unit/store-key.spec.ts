import { createHmac, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { SecretValue } from '../../src/core/secret-value.js';
import { userStateFolder } from '../../src/store/key-file.js';
import { loadStoreKey, parseStoreKey } from '../../src/store/store-key.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

const credential = new SecretValue(`ops_${'c'.repeat(60)}`, 'OP_SERVICE_ACCOUNT_TOKEN');

test.describe('AUTH_SESSIONS_KEY', () => {
  test('is 32 bytes as base64, base64url or hex', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const buffer = Buffer.from(bytes);
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

  test('is nothing else, and the message tells how to make one without repeating it', () => {
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
      expect(String(error)).toContain('openssl rand -base64 32');
      if (text !== '') expect(String(error)).not.toContain(text);
    }
    expect(String(errorOf(() => parseStoreKey(secret('my password'))))).toBe(
      'AuthSessionsError: AUTH_SESSIONS_KEY is not a key. Its 11 characters do not spell 32 bytes. Make one with ' +
        '`openssl rand -base64 32`, and keep it where the project keeps its secrets. [ERR_STORE_KEY_INVALID]',
    );
  });

  test('comes before the vault credential, and that before the key file', async ({ folder }) => {
    const stateFolder = join(folder, 'state');
    const explicitKey = secret('ab'.repeat(32));
    const sources = { vaultCredential: credential, stateFolder, randomBytes };
    const explicit = await loadStoreKey({ ...sources, explicitKey });
    expect(explicit.source).toBe('AUTH_SESSIONS_KEY');
    expect(Buffer.from(explicit.bytes).toString('hex')).toBe('ab'.repeat(32));
    expect((await loadStoreKey(sources)).source).toBe('vault credential');
    expect(await readdir(folder)).toEqual([]);
    expect((await loadStoreKey({ stateFolder, randomBytes })).source).toBe('key file');
  });
});

test.describe('the key', () => {
  test('prints without its bytes', async ({ folder }) => {
    const key = await loadStoreKey({
      explicitKey: secret('ab'.repeat(32)),
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
    const one = await load('ab'.repeat(32));
    const other = await load(`${'ab'.repeat(31)}ac`);
    expect(one.id).toMatch(/^[0-9a-f]{16}$/);
    expect((await load('AB'.repeat(32))).id).toBe(one.id);
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

  test('is refused when others may read it, and says how to mend that', async ({ folder }) => {
    test.skip(!hasFileModes);
    const path = join(folder, 'key');
    await loadStoreKey({ stateFolder: folder, randomBytes });
    for (const mode of [0o640, 0o604, 0o620, 0o777]) {
      await chmod(path, mode);
      const error: unknown = await load(folder).catch((reason: unknown) => reason);
      expect(String(error)).toBe(
        `AuthSessionsError: The key file "${path}" cannot be used. Other users of this machine may read or ` +
          `change it. Run: chmod 600 '${path}' [ERR_STORE_KEY_INVALID]`,
      );
    }
    await chmod(path, 0o400);
    expect((await load(folder)).source).toBe('key file');
  });

  test('is not made where others could put one of their own', async ({ folder }) => {
    test.skip(!hasFileModes);
    await chmod(folder, 0o777);
    await expect(load(folder)).rejects.toThrow(/chmod 700/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('is refused, and left as it is, when it does not hold 32 bytes', async ({ folder }) => {
    const path = join(folder, 'key');
    for (const text of ['', '\n', 'short', randomBytes(31).toString('base64url'), 'ab'.repeat(32)]) {
      await writeFile(path, text, { mode: 0o600 });
      await expect(load(folder)).rejects.toMatchObject({ code: 'ERR_STORE_KEY_INVALID' });
      expect(await readFile(path, 'utf8')).toBe(text);
    }
  });

  test('that cannot be made is one clear error', async ({ folder }) => {
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
