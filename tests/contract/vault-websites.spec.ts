import type { Vault } from '../../src/core/ports.js';
import { parseLogin, parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { login, passwordItem, secureNote, type ItemUrl } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { expect, test } from '../support/vault/signed-in-test.js';

const urls: readonly ItemUrl[] = [
  { url: 'https://app.example.com/sign-in', mode: 'default' },
  { url: 'https://admin.example.com:8443', mode: 'host' },
  { url: 'https://old.example.com', mode: 'never' },
];
const websites = [
  { url: 'https://app.example.com/sign-in', autofillBehavior: 'AnywhereOnWebsite' },
  { url: 'https://admin.example.com:8443', autofillBehavior: 'ExactDomain' },
  { url: 'https://old.example.com', autofillBehavior: 'Never' },
];
const totp = 'JBSWY3DPEHPK3PXP';
const references = (...titles: readonly string[]) =>
  titles.map((title) => parseSecretReference(`op://automation/${title}/password`));
const code = parseSecretReference('op://automation/admin/one-time password?attribute=otp');

let bench: OnePasswordBench;
let vault: Vault;

test.beforeEach(({ signedInBench }) => {
  bench = signedInBench;
  vault = bench.open({ needsWebsites: () => true });
});

test('values and codes of references have the websites of their items, for one list of each vault', async () => {
  const { automation, server } = bench;
  automation.addItem(login({ title: 'admin', password: 'correct horse', totp, urls }));
  automation.addItem(
    passwordItem({ title: 'customer', password: 'battery', urls: ['https://shop.example'] }),
  );
  automation.addItem(login({ title: 'unbound', password: 'staple', urls: ['', ' '] }));
  automation.addItem(secureNote({ title: 'note', notes: 'free' }));
  const all = [
    ...references('admin', 'customer', 'unbound'),
    parseSecretReference('op://automation/note/notesPlain'),
  ];
  server.resetCounts();
  const answers = await vault.resolveAll(all);
  expect(all.map(({ text }) => sitesOf(answers.get(text)))).toEqual([
    websites,
    [{ url: 'https://shop.example', autofillBehavior: 'AnywhereOnWebsite' }],
    undefined,
    undefined,
  ]);
  expect(server.requests().map(({ route }) => route)).toEqual(['vaults', 'overviews', 'batch', 'overviews']);
  server.resetCounts();
  expect(sitesOf((await vault.readCode(code)).code)).toEqual(websites);
  expect(sitesOf((await vault.resolveAll(all)).get(all[0]!.text))).toEqual(websites);
  expect(server.requests().map(({ route }) => route)).toEqual(['item', 'vaults', 'overviews', 'batch']);
});

test('the websites of logins come with the logins, without another request', async () => {
  const { automation, server } = bench;
  automation.addItem(login({ title: 'admin', password: 'correct horse', totp, urls }));
  const { password, totp: ofLogin } = parseLogin('op://automation/admin');
  server.resetCounts();
  expect(sitesOf((await vault.resolveAll([password])).get(password.text))).toEqual(websites);
  expect(sitesOf((await vault.readCode(ofLogin)).code)).toEqual(websites);
  expect(server.requests().map(({ route }) => route)).toEqual(['vaults', 'overviews', 'batch', 'item']);
});

test('websites that nobody needs are not asked for', async () => {
  const { automation, server } = bench;
  automation.addItem(login({ title: 'admin', password: 'correct horse', totp, urls }));
  const [password] = references('admin');
  for (const needsWebsites of [undefined, () => false]) {
    server.resetCounts();
    const answers = await bench.open({ needsWebsites }).resolveAll([password!]);
    expect(sitesOf(answers.get(password!.text))).toBeUndefined();
    expect(server.requests().map(({ route }) => route)).toEqual(['vaults', 'overviews', 'batch']);
  }
});

test('the websites of a code in a separate item are found by its names', async () => {
  const { automation } = bench;
  automation.addItem(login({ title: 'admin', totp, urls }));
  expect(sitesOf((await vault.readCode(code)).code)).toEqual(websites);
});

test('an item that is newer than the list is found in the next list', async () => {
  const { automation } = bench;
  automation.addItem(login({ title: 'old', password: 'battery', urls }));
  await vault.resolveAll(references('old'));
  automation.addItem(login({ title: 'new', password: 'staple', urls }));
  const [newest] = references('new');
  expect(sitesOf((await vault.resolveAll([newest!])).get(newest!.text))).toEqual(websites);
});

test('a new run in the same process sees changed websites', async () => {
  const { automation } = bench;
  const item = automation.addItem(login({ title: 'admin', password: 'battery', urls }));
  const [password] = references('admin');
  await vault.resolveAll([password!]);
  item.remove();
  automation.addItem(login({ title: 'admin', password: 'battery', urls: ['https://new.example'] }));
  vault.forgetFailures?.();
  expect(sitesOf((await vault.resolveAll([password!])).get(password!.text))).toEqual([
    { url: 'https://new.example', autofillBehavior: 'AnywhereOnWebsite' },
  ]);
});

test('a value is not answered without the websites of its item', async () => {
  const { automation, server } = bench;
  automation.addItem(login({ title: 'admin', password: 'battery', urls }));
  const [password] = references('admin');
  const denied = server.fault({ match: 'overviews', kind: 'status', status: 403 });
  const answer = (await vault.resolveAll([password!])).get(password!.text);
  expect(answer).toMatchObject({ code: 'ERR_VAULT_DENIED' });
  denied.remove();
  // The SDK reads an item by its IDs without a list.
  const { id } = automation.items.find(({ title }) => title === 'admin')!;
  const byId = parseSecretReference(`op://${automation.id}/${id}/password`);
  vault.forgetFailures?.();
  const broken = server.fault({ match: 'overviews', kind: 'status', status: 418 });
  expect(await errorOf(vault.resolveAll([byId]))).toMatchObject({ code: 'ERR_VAULT_UNTRUSTED' });
  broken.remove();
  expect(sitesOf((await vault.resolveAll([byId])).get(byId.text))).toEqual(websites);
});

test('the list of a vault counts towards the limit of requests', async () => {
  bench.automation.addItem(login({ title: 'admin', password: 'battery', urls }));
  const [password] = references('admin');
  const limited = bench.open({ needsWebsites: () => true, maxRequests: 3 });
  expect(await errorOf(limited.resolveAll([password!]))).toMatchObject({ code: 'ERR_VAULT_BUDGET_SPENT' });
  const enough = bench.open({ needsWebsites: () => true, maxRequests: 4 });
  expect(sitesOf((await enough.resolveAll([password!])).get(password!.text))).toEqual(websites);
  expect(enough.requestCount()).toBe(4);
});

function sitesOf(answer: unknown): unknown {
  expect(answer).toBeInstanceOf(SecretValue);
  return (answer as SecretValue).websites;
}
