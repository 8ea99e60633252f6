import { readFile } from 'node:fs/promises';
import type { AuthSessionsError } from '../../src/core/errors.js';
import type { Vault } from '../../src/core/ports.js';
import { parseLogin, parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { field, login, section, secureNote, totpField } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { expect, test } from '../support/vault/signed-in-test.js';

const seed = 'JBSWY3DPEHPK3PXP';
let bench: OnePasswordBench;

test.beforeEach(({ signedInBench }) => {
  bench = signedInBench;
});

test('a login gives username, password and code, by the names or the IDs of vault and item', async () => {
  const item = bench.automation.addItem(
    login({ title: 'admin', username: 'ada.lovelace', password: 'correct horse', totp: seed }),
  );
  for (const vaultPart of ['automation', 'AUTOMATION', bench.automation.id])
    for (const itemPart of ['admin', 'Admin', item.id]) {
      const { username, password, totp } = parseLogin(`op://${vaultPart}/${itemPart}`);
      const answers = await bench.vault.resolveAll([username, password]);
      expect([username, password].map(({ text }) => shown(answers.get(text)))).toEqual([
        'ada.lovelace',
        'correct horse',
      ]);
      expect((await bench.vault.readCode(totp)).code.reveal()).toMatch(/^\d{6}$/);
    }
});

test('a login has its own fields, and not others of the same name', async () => {
  const others = section('Recovery', [
    field('string', 'username', 'wrong'),
    field('concealed', 'password', 'wrong'),
    field('string', 'one-time password', 'wrong'),
    totpField('code of the app', seed),
  ]);
  bench.automation.addItem(
    login({ title: 'admin', username: 'ada.lovelace', password: 'correct horse', sections: [others] }),
  );
  const { username, password, totp } = parseLogin('op://automation/admin');
  const answers = await bench.vault.resolveAll([username, password]);
  expect([username, password].map(({ text }) => shown(answers.get(text)))).toEqual([
    'ada.lovelace',
    'correct horse',
  ]);
  expect((await bench.vault.readCode(totp)).code.reveal()).toMatch(/^\d{6}$/);
});

test('logins and references are answered together', async () => {
  bench.automation.addItem(
    login({
      title: 'admin',
      username: 'ada.lovelace',
      password: 'correct horse',
      sections: [section('More', [field('string', 'tenant', 'acme')])],
    }),
  );
  const { password } = parseLogin('op://automation/admin');
  const tenant = parseSecretReference('op://automation/admin/tenant');
  const answers = await bench.vault.resolveAll([tenant, password]);
  expect([tenant, password].map(({ text }) => shown(answers.get(text)))).toEqual(['acme', 'correct horse']);
});

test.describe('requests', () => {
  for (const [logins, requests] of [
    [1, ['vaults', 'overviews', 'batch']],
    [10, ['vaults', 'overviews', 'batch']],
    [100, ['vaults', 'overviews', 'batch', 'batch']],
  ] as const)
    test(`${logins} logins of one vault take ${requests.length}, and each code one more`, async () => {
      const references = Array.from({ length: logins }, (_, index) => {
        bench.automation.addItem(login({ title: `user-${index}`, password: `of ${index}`, totp: seed }));
        return parseLogin(`op://automation/user-${index}`);
      });
      bench.server.resetCounts();
      const answers = await bench.vault.resolveAll(references.map(({ password }) => password));
      expect(references.map(({ password }) => shown(answers.get(password.text)))).toEqual(
        references.map((_, index) => `of ${index}`),
      );
      expect(bench.server.requests().map(({ route }) => route)).toEqual(requests);
      bench.server.resetCounts();
      await bench.vault.readCode(references[0]!.totp);
      expect(bench.server.requests().map(({ route }) => route)).toEqual(['item']);
      expect(await rowsOfPage()).toContainEqual([logins, requests.length, requests.length + logins]);
    });

  test('a login that is read again in a run takes one, and gives the new value', async () => {
    const item = bench.automation.addItem(login({ title: 'admin', password: 'correct horse' }));
    const { password } = parseLogin('op://automation/admin');
    await bench.vault.resolveAll([password]);
    item.setField('password', 'battery staple');
    bench.server.resetCounts();
    expect(shown((await bench.vault.resolveAll([password])).get(password.text))).toBe('battery staple');
    expect(bench.server.count()).toBe(1);
  });
});

test.describe('a login that cannot be read says why', () => {
  test('each by its own error, and the others are answered', async () => {
    const { automation, vault } = bench;
    automation.addItem(login({ title: 'admin', password: 'correct horse' }));
    automation.addItem(login({ title: 'archived' })).archive();
    for (const title of ['twin', 'Twin']) automation.addItem(login({ title }));
    automation.addItem(secureNote({ title: 'note' }));
    const good = parseLogin('op://automation/admin').password;
    for (const [text, code, known] of [
      ['op://automation/archived', 'ERR_VAULT_NOT_FOUND', /item "archived" is archived/],
      ['op://automation/twin', 'ERR_VAULT_AMBIGUOUS', /2 items have this title: ID \w+/],
      ['op://automation/nobody', 'ERR_VAULT_NOT_FOUND', /has no item "nobody", active or archived/],
      ['op://elsewhere/admin', 'ERR_VAULT_NOT_FOUND', /No vault/],
      ['op://automation/note', 'ERR_VAULT_NOT_FOUND', /category SecureNote, has no password of a login/],
    ] as const) {
      const { password } = parseLogin(text);
      const answers = await vault.resolveAll([password, good]);
      const error = answers.get(password.text) as AuthSessionsError;
      expect(error, text).toMatchObject({ code, reference: `${text}/password` });
      expect(error.message).toMatch(known);
      expect(shown(answers.get(good.text))).toBe('correct horse');
    }
  });

  test('a field of a type that the SDK does not read is named, and the others are answered', async () => {
    const odd = section('Card', [
      field('hologram', 'seal', 'of gold'),
      field('hologram', 'user', 'ada', { id: 'username' }),
    ]);
    bench.automation.addItem(secureNote({ title: 'card', sections: [odd] }));
    bench.automation.addItem(login({ title: 'admin', password: 'correct horse', sections: [odd] }));
    const username = parseLogin('op://automation/card').username;
    const [seal, password] = ['seal', 'password'].map((name) =>
      parseSecretReference(`op://automation/admin/${name}`),
    );
    const answers = await bench.vault.resolveAll([username, seal!, password!]);
    expect(answers.get(username.text)).toMatchObject({
      code: 'ERR_VALUE_UNUSABLE',
      reference: username.text,
      explanation: { known: 'Its field "user" has a type that 1Password\'s SDK does not read.' },
    });
    const error = answers.get(seal!.text) as AuthSessionsError;
    expect(error).toMatchObject({ code: 'ERR_VALUE_UNUSABLE', reference: seal!.text });
    expect(error.message).toContain(
      '"op://automation/admin/seal" cannot be resolved. Its field has a type that 1Password\'s SDK does not read.',
    );
    expect(shown(answers.get(password!.text))).toBe('correct horse');
  });

  test('a denied vault leaves the other vaults their answers', async () => {
    bench.automation.addItem(login({ title: 'admin', password: 'correct horse' }));
    const other = bench.account.addVault({ title: 'other logins' });
    other.addItem(login({ title: 'admin', password: 'another' }));
    const vaults = [bench.automation, other].map((vault) => ({ vault }));
    const { token } = bench.account.addServiceAccount({ vaults });
    const vault = bench.open({ auth: { kind: 'service-account', token: new SecretValue(token, 'token') } });
    const path = new RegExp(`${bench.automation.id}/items/overviews`);
    const handle = bench.server.fault({ match: { path }, kind: 'status', status: 403 });
    const [denied, there] = ['automation', 'other logins'].map(
      (name) => parseLogin(`op://${name}/admin`).password,
    );
    const answers = await vault.resolveAll([denied!, there!]);
    handle.remove();
    expect(answers.get(denied!.text)).toMatchObject({ code: 'ERR_VAULT_DENIED', reference: denied!.text });
    expect(shown(answers.get(there!.text))).toBe('another');
  });

  test('a failure of 1Password is one of the whole request, and is retried', async () => {
    bench.automation.addItem(login({ title: 'admin', password: 'correct horse' }));
    const { password } = parseLogin('op://automation/admin');
    const once = bench.server.fault({ match: 'batch', kind: 'status', status: 500, times: 1 });
    expect(shown((await bench.vault.resolveAll([password])).get(password.text))).toBe('correct horse');
    once.remove();
    const always = bench.server.fault({ match: 'batch', kind: 'status', status: 418 });
    expect(await errorOf(bench.vault.resolveAll([password]))).toMatchObject({ code: 'ERR_VAULT_UNTRUSTED' });
    always.remove();
  });
});

test.describe('the code of a login', () => {
  test('is not there where the item has no one-time password', async () => {
    bench.automation.addItem(login({ title: 'admin', password: 'correct horse' }));
    const { totp } = parseLogin('op://automation/admin');
    expect(await hasCode(bench.vault, 'op://automation/admin')).toBe(false);
    const error = await errorOf(bench.vault.readCode(totp));
    expect(error).toMatchObject({ code: 'ERR_TOTP_NOT_DECLARED', reference: totp.text });
    expect(error.message).toContain('Its item has no one-time password.');
  });

  test('is an error that names the fields where the item has several', async () => {
    const sections = [section('Codes', [totpField('phone', seed), totpField('spare phone', seed)])];
    bench.automation.addItem(login({ title: 'admin', sections }));
    expect(await hasCode(bench.vault, 'op://automation/admin')).toBe(true);
    const error = await errorOf(bench.vault.readCode(parseLogin('op://automation/admin').totp));
    expect(error).toMatchObject({ code: 'ERR_VAULT_AMBIGUOUS' });
    expect(error.message).toContain('Its item has 2 one-time passwords: "phone", "spare phone".');
  });

  test('with a seed that is unusable is the error of any such code', async () => {
    bench.automation.addItem(login({ title: 'admin', totp: 'not base32!' }));
    const error = await errorOf(bench.vault.readCode(parseLogin('op://automation/admin').totp));
    expect(error).toMatchObject({ code: 'ERR_TOTP_SEED_INVALID' });
  });
});

/** The numbers of tables in docs/how-it-works.md, row by row. */
async function rowsOfPage(): Promise<number[][]> {
  const page = await readFile(new URL('../../docs/how-it-works.md', import.meta.url), 'utf8');
  return [...page.matchAll(/^\|([ \d|]+)\|$/gm)].map(([, row = '']) => row.split('|').map(Number));
}

function hasCode(vault: Vault, text: string): Promise<boolean> | undefined {
  return vault.hasCode?.(parseLogin(text).totp);
}

function shown(answer: SecretValue | AuthSessionsError | undefined): string {
  return answer instanceof SecretValue ? answer.reveal() : String(answer);
}
