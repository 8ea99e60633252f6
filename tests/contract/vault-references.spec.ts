import type { AuthSessionsError } from '../../src/core/errors.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { field, login, section, sshKey } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import { addAdmin, code, password, unknownId, username } from '../support/vault/admin-item.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { expect, test } from '../support/vault/signed-in-test.js';

let bench: OnePasswordBench;

test.beforeEach(({ signedInBench }) => {
  bench = signedInBench;
  addAdmin(bench);
});

test.describe('a reference', () => {
  test('names vault, item, section and field, or has their IDs, in capitals or not', async () => {
    const codes = section('Recovery codes', [field('concealed', 'first one', 'of the section')]);
    const item = bench.automation.addItem(login({ title: 'with section', password: 'x', sections: [codes] }));
    const vaults = ['automation', 'AUTOMATION', bench.automation.id, bench.automation.id.toUpperCase()];
    const items = ['with section', 'With Section', item.id, item.id.toUpperCase()];
    const fields = [
      'Recovery codes/first one',
      'recovery CODES/First One',
      `${codes.id}/${codes.fields[0]!.id}`,
      'first one',
      codes.fields[0]!.id.toUpperCase(),
    ];
    const references = vaults.flatMap((vaultPart) =>
      items.flatMap((itemPart) =>
        fields.map((fieldPart) => parseSecretReference(`op://${vaultPart}/${itemPart}/${fieldPart}`)),
      ),
    );
    const answers = await bench.vault.resolveAll(references);
    const wrong = references.filter(({ text }) => revealed(answers.get(text)) !== 'of the section');
    expect(wrong.map(({ text }) => [text, String(answers.get(text))])).toEqual([]);
  });

  test('gives an SSH key as OpenSSH writes it', async () => {
    bench.automation.addItem(sshKey({ title: 'deploy' }));
    const texts = [
      'op://automation/deploy/private key?ssh-format=openssh',
      'op://automation/deploy/private key',
    ];
    const answers = await bench.vault.resolveAll(texts.map((text) => parseSecretReference(text)));
    expect(revealed(answers.get(texts[0]!))).toContain('-----BEGIN OPENSSH PRIVATE KEY-----');
    expect(revealed(answers.get(texts[1]!))).toContain('-----BEGIN PRIVATE KEY-----');
  });

  test('gives a code by either of its attributes', async () => {
    for (const attribute of ['otp', 'totp']) {
      const text = `op://automation/admin/one-time password?attribute=${attribute}`;
      expect((await bench.vault.readCode(parseSecretReference(text))).code.reveal()).toMatch(/^\d{6}$/);
    }
  });

  test("uses an item's ID where 1Password accepts its title in no reference", async () => {
    const titles = ['Ünïcode \u{1f511} (prod) #1', 'a/b?c=d', '${HOME}', 'op://automation/admin/password'];
    const items = titles.map((title) => bench.automation.addItem(login({ title, password: `of ${title}` })));
    const references = items.map(({ id }) => parseSecretReference(`op://automation/${id}/password`));
    const answers = await bench.vault.resolveAll(references);
    expect(references.map(({ text }) => revealed(answers.get(text)))).toEqual(
      titles.map((title) => `of ${title}`),
    );
  });

  test('gives a value of a million characters whole', async () => {
    const value = 'päss \u{1f511}\n'.repeat(125_000);
    bench.automation.addItem(login({ title: 'huge', password: value }));
    const huge = parseSecretReference('op://automation/huge/password');
    const given = revealed((await bench.vault.resolveAll([huge, password])).get(huge.text));
    expect(given === value).toBe(true);
  });
});

test('reports the cause and a code for each reference that cannot be resolved', async () => {
  const twins = ['twins', 'Twins'].map((title) => bench.account.addVault({ title }));
  const vaults = [bench.automation, ...twins].map((vault) => ({ vault }));
  const { token } = bench.account.addServiceAccount({ vaults });
  const vault = bench.open({ auth: { kind: 'service-account', token: new SecretValue(token, 'token') } });
  const twin = bench.automation.addItem(login({ title: 'twin' }));
  const otherTwin = bench.automation.addItem(login({ title: 'Twin' }));
  bench.automation.addItem(login({ title: 'seedless', totp: 'not base32!' }));
  bench.automation.addItem(login({ title: 'archived' })).archive();
  const sections = ['one', 'two'].map((title) => section(title, [field('string', 'first', '1')]));
  bench.automation.addItem(login({ title: 'sections', sections }));

  for (const [text, expected, known] of [
    [
      'op://twins/admin/password',
      'ERR_VAULT_AMBIGUOUS',
      new RegExp(`2 vaults (?=.*ID ${twins[0]!.id}, changed \\d{4}-\\d\\d-\\d\\d)(?=.*ID ${twins[1]!.id}, )`),
    ],
    [
      'op://automation/twin/password',
      'ERR_VAULT_AMBIGUOUS',
      new RegExp(`2 items (?=.*ID ${twin.id}, changed \\d{4}-\\d\\d-\\d\\d)(?=.*ID ${otherTwin.id}, )`),
    ],
    ['op://automation/sections/first', 'ERR_VAULT_AMBIGUOUS', /More than one/],
    ['op://automation/archived/password', 'ERR_VAULT_NOT_FOUND', /item "archived" is archived \(ID \w+, /],
    [
      'op://automation/nobody/password',
      'ERR_VAULT_NOT_FOUND',
      /"automation" has no item "nobody", active or archived/,
    ],
    ['op://automation/admin/passwrod', 'ERR_VAULT_NOT_FOUND', /no such field/],
    ['op://automation/sections/nowhere/first', 'ERR_VAULT_NOT_FOUND', /no such section/],
    ['op://elsewhere/admin/password', 'ERR_VAULT_NOT_FOUND', /No vault/],
    ['op://automation/admin/password?attribute=otp', 'ERR_TOTP_SEED_INVALID', /no one-time|not a one-time/],
    ['op://automation/seedless/one-time password?attribute=otp', 'ERR_TOTP_SEED_INVALID', /usable seed/],
  ] as const) {
    const reference = parseSecretReference(text);
    const answers = await vault.resolveAll([reference, password]);
    const errors = [answers.get(text) as AuthSessionsError];
    vault.forgetFailures?.();
    errors.push(await errorOf(vault.readCode(reference)));
    for (const error of errors) {
      expect(error, text).toMatchObject({ code: expected, reference: text });
      expect(error.message).toContain(`Secret reference "${text}" cannot be resolved.`);
      expect(error.message).toMatch(known);
      expect(error.message).not.toContain('correct horse');
    }
    expect(revealed(answers.get(password.text)), text).toBe('correct horse');
  }
});

test.describe('when the SDK says that no ID matches, the real cause', () => {
  const forms = ['name/ID', 'ID/name', 'ID/ID'] as const;
  const textOf = (form: (typeof forms)[number]) => {
    const item = bench.automation.items[0]!;
    const vault = form.startsWith('ID') ? bench.automation.id : 'automation';
    return `op://${vault}/${form.endsWith('ID') ? item.id : 'admin'}`;
  };

  for (const form of forms)
    test(`is retried if the network failed: ${form}`, async () => {
      const reference = parseSecretReference(`${textOf(form)}/one-time password?attribute=otp`);
      for (const fault of [
        { kind: 'reset' },
        { kind: 'status', status: 500 },
        { kind: 'truncate', bytes: 40 },
        { kind: 'truncate', bytes: 40, ending: 'clean' },
      ] as const) {
        const handle = bench.server.fault({ ...fault, match: 'item', times: 2 });
        expect((await bench.vault.readCode(reference)).code.reveal()).toMatch(/^\d{6}$/);
        expect(handle.hits()).toBe(2);
        handle.remove();
      }
    });

  for (const form of forms)
    for (const [fault, expected] of [
      [{ kind: 'reset' }, 'ERR_VAULT_UNREACHABLE'],
      [{ kind: 'status', status: 401 }, 'ERR_VAULT_UNREACHABLE'],
      [{ kind: 'status', status: 403 }, 'ERR_VAULT_DENIED'],
      [{ kind: 'status', status: 404 }, 'ERR_VAULT_NOT_FOUND'],
      [{ kind: 'status', status: 429 }, 'ERR_VAULT_RATE_LIMITED'],
      [{ kind: 'status', status: 418 }, 'ERR_VAULT_UNTRUSTED'],
      [{ kind: 'body', body: '{}' }, 'ERR_VAULT_UNTRUSTED'],
    ] as const)
      test(`is reported: ${JSON.stringify(fault)}, ${form}`, async () => {
        const reference = parseSecretReference(`${textOf(form)}/one-time password?attribute=otp`);
        const handle = bench.server.fault({ ...fault, match: 'item' });
        expect(await errorOf(bench.vault.readCode(reference))).toMatchObject({ code: expected });
        handle.remove();
        bench.vault.forgetFailures?.();
        expect((await bench.vault.readCode(reference)).code.reveal()).toMatch(/^\d{6}$/);
      });
});

test.describe('a missing or denied reference', () => {
  const gone = parseSecretReference('op://automation/admin/nothing');
  const goneCode = parseSecretReference('op://automation/admin/nothing?attribute=otp');

  test('is never asked for again in a run, neither a value nor a code', async () => {
    const { vault, server } = bench;
    const first = (await vault.resolveAll([gone, password])).get(gone.text);
    const firstCode = await errorOf(vault.readCode(goneCode));
    expect([first, firstCode]).toMatchObject([
      { code: 'ERR_VAULT_NOT_FOUND' },
      { code: 'ERR_VAULT_NOT_FOUND' },
    ]);
    server.resetCounts();
    expect((await vault.resolveAll([gone])).get(gone.text)).toBe(first);
    expect(await errorOf(vault.readCode(goneCode))).toBe(firstCode);
    expect(server.count()).toBe(0);
    const answers = await vault.resolveAll([gone, username]);
    expect([answers.get(gone.text), revealed(answers.get(username.text))]).toEqual([first, 'ada.lovelace']);
    expect(server.count('batch')).toBe(1);
  });

  test('is asked for again in a new run', async () => {
    const later = parseSecretReference('op://automation/later/password');
    expect((await bench.vault.resolveAll([later])).get(later.text)).toMatchObject({
      code: 'ERR_VAULT_NOT_FOUND',
    });
    bench.automation.addItem(login({ title: 'later', password: 'now there' }));
    bench.vault.forgetFailures?.();
    expect(revealed((await bench.vault.resolveAll([later])).get(later.text))).toBe('now there');
  });

  test('is remembered for a denied vault', async () => {
    const handle = bench.server.fault({ match: 'overviews', kind: 'status', status: 403 });
    const denied = (await bench.vault.resolveAll([password])).get(password.text);
    expect(denied).toMatchObject({ code: 'ERR_VAULT_DENIED' });
    handle.remove();
    bench.server.resetCounts();
    expect((await bench.vault.resolveAll([password])).get(password.text)).toBe(denied);
    expect(bench.server.count()).toBe(0);
  });

  test('is not confused with a network that failed', async () => {
    const handle = bench.server.fault({ match: 'item', kind: 'reset' });
    expect(await errorOf(bench.vault.readCode(code))).toMatchObject({ code: 'ERR_VAULT_UNREACHABLE' });
    handle.remove();
    expect((await bench.vault.readCode(code)).code.reveal()).toMatch(/^\d{6}$/);
  });
});

test.describe('a reference that fails the whole request', () => {
  test('an unknown or archived ID among many is found, and the others are answered', async () => {
    const archived = bench.automation.addItem(login({ title: 'archived', password: 'x' }));
    archived.archive();
    const today = new Date(archived.updatedAtMs).toISOString().slice(0, 10);
    const items = Array.from({ length: 40 }, (_, index) =>
      bench.automation.addItem(login({ title: `user-${index}`, password: `of user ${index}` })),
    );
    const good = items.map(({ id }) => parseSecretReference(`op://automation/${id}/password`));
    const bad = [archived.id, unknownId].map((id) => parseSecretReference(`op://automation/${id}/password`));
    const answers = await bench.vault.resolveAll([...good.slice(0, 13), ...bad, ...good.slice(13)]);
    expect(good.map(({ text }) => (answers.get(text) as SecretValue).reveal())).toEqual(
      items.map((_, index) => `of user ${index}`),
    );
    expect(bad.map(({ text }) => (answers.get(text) as Error).message)).toEqual([
      `Secret reference "${bad[0]!.text}" cannot be resolved. Its item "archived" is archived (ID ${archived.id}, changed ${today}). Restore the item in 1Password, or use another one. [ERR_VAULT_NOT_FOUND]`,
      `Secret reference "${bad[1]!.text}" cannot be resolved. Vault "automation" has no item "${unknownId}", active or archived. Check the spelling, or copy the reference from 1Password. [ERR_VAULT_NOT_FOUND]`,
    ]);
    expect(bench.vault.requestCount()).toBeLessThan(60);
  });

  test('a vault that denies access leaves the other vaults their answers', async () => {
    const other = bench.account.addVault({ title: 'other' });
    other.addItem(login({ title: 'admin', password: 'another' }));
    const { token } = bench.account.addServiceAccount({
      vaults: [{ vault: bench.automation }, { vault: other }],
    });
    for (const match of ['overviews', 'batch'] as const) {
      const vault = bench.open({ auth: { kind: 'service-account', token: new SecretValue(token, 'token') } });
      const path = new RegExp(`${bench.automation.id}/items/${match}`);
      const handle = bench.server.fault({ match: { path }, kind: 'status', status: 403 });
      const there = parseSecretReference('op://other/admin/password');
      const answers = await vault.resolveAll([username, there, password]);
      expect((answers.get(there.text) as SecretValue).reveal()).toBe('another');
      for (const { text } of [username, password])
        expect(answers.get(text)).toMatchObject({ code: 'ERR_VAULT_DENIED', reference: text });
      handle.remove();
    }
  });

  test('two items of one title are reported, and the others are answered', async () => {
    bench.automation.addItem(login({ title: 'twin' }));
    bench.automation.addItem(login({ title: 'Twin' }));
    const twin = parseSecretReference('op://automation/twin/password');
    const answers = await bench.vault.resolveAll([twin, password]);
    expect(answers.get(twin.text)).toMatchObject({ code: 'ERR_VAULT_AMBIGUOUS' });
    expect((answers.get(password.text) as SecretValue).reveal()).toBe('correct horse');
  });

  test('its reason costs two requests, once per run', async () => {
    const texts = ['one', 'two', 'three'].map((name) => `op://automation/${name}/password`);
    await bench.vault.resolveAll([password]);
    const costs: number[] = [];
    for (const text of texts) {
      bench.server.resetCounts();
      await bench.vault.resolveAll([parseSecretReference(text)]);
      costs.push(bench.server.count());
    }
    expect(costs).toEqual([4, 2, 2]);
  });

  test('its reason stays as the SDK gives it where the lists cannot be read', async () => {
    const reference = parseSecretReference('op://automation/nobody/one-time password?attribute=otp');
    const overviews = bench.server.requests().length;
    const handle = bench.server.fault({ match: 'overviews', kind: 'status', status: 403, nth: 2, times: 99 });
    const error = await errorOf(bench.vault.readCode(reference));
    handle.remove();
    expect(bench.server.requests().length).toBeGreaterThan(overviews);
    expect(error).toMatchObject({ code: 'ERR_VAULT_NOT_FOUND' });
    expect(error.message).toContain('The vault has no such item, or it is archived.');
  });

  for (const [what, vaultPart, itemPart] of [
    ['of the item', 'automation', unknownId],
    ['of the item in a vault given by ID', 'ID', unknownId],
    ['of the vault', unknownId, 'admin'],
    ['of both', unknownId, unknownId],
  ] as const)
    test(`an unknown ID ${what} is named as such`, async () => {
      const vaultId = vaultPart === 'ID' ? bench.automation.id : vaultPart;
      const reference = parseSecretReference(`op://${vaultId}/${itemPart}/password`);
      const answer = (await bench.vault.resolveAll([reference])).get(reference.text);
      expect(answer).toMatchObject({ code: 'ERR_VAULT_NOT_FOUND', reference: reference.text });
      expect(String(answer)).toContain(
        vaultPart !== unknownId
          ? `Vault "automation" has no item "${unknownId}", active or archived.`
          : 'No vault that the service account can see has this ID, or the vault has no such item.',
      );
    });
});

function revealed(answer: SecretValue | AuthSessionsError | undefined): string | undefined {
  return answer instanceof SecretValue ? answer.reveal() : undefined;
}
