import { getDiffieHellman } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import * as sdk from '@1password/sdk';
import type { Client } from '@1password/sdk';
import { expect } from '@playwright/test';
import { createGuardrails, generateSync } from 'otplib';
import { demoAccounts } from '../support/consultations/demo-accounts.js';
import { captureFetch } from '../support/onepassword/capture-fetch.js';
import * as onepassword from '../support/onepassword/index.js';
import type { Fault, LoggedRequest, RouteName, Vault } from '../support/onepassword/index.js';
import { post, startSignIn } from '../support/onepassword/sign-in-by-hand.js';
import { signIn, test } from '../support/onepassword/signed-in-client.js';
import { startAlone } from '../support/onepassword/start-alone.js';

const { apiCredentials, documentItem, field, fileField, item, login, section, totpField } = onepassword;

const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const admin = () => login({ title: 'admin', username: 'ada', password: 'correct horse', totp: SEED });
const PASSWORD = 'op://automation/admin/password';
const CODE = 'op://automation/admin/one-time password';

// signing in

test('answers a secret reference to the unmodified SDK', async ({ client, vault }) => {
  vault.addItem(admin());
  expect(await client.secrets.resolve(PASSWORD)).toBe('correct horse');
});

test('signs a client in with four requests', async ({ signedIn, server }) => {
  await signIn(signedIn.token);
  const routes = server.requests().map(({ route, status }) => `${route} ${status}`);
  expect(routes).toEqual([
    'sign-in-start 200',
    'sign-in-agree 200',
    'sign-in-prove 200',
    'sign-in-complete 200',
  ]);
});

test('refuses a client that does not know the SRP secret', async ({ signedIn, server }) => {
  const token = changeToken(signedIn.token, { srpX: '5'.repeat(64) });
  await expect(signIn(token)).rejects.toThrow('authentication error: you are not authenticated');
  expect(server.requests().at(-1)).toMatchObject({ route: 'sign-in-prove', refusal: 'wrong client proof' });
});

test('refuses an identity, a device and a secret key it does not know', async ({ signedIn, server }) => {
  for (const change of [
    { email: 'somebody@1passwordserviceaccounts.com' },
    { deviceUuid: 'a'.repeat(26) },
    { secretKey: 'A3-222222-222222-22222-22222-22222-22222' },
  ])
    await expect(signIn(changeToken(signedIn.token, change))).rejects.toThrow('you are not authenticated');
  expect(server.requests().map(({ refusal }) => refusal)).toEqual([
    'unknown email',
    'unknown device',
    'unknown secret key',
  ]);
});

test('lets the client refuse a server that does not know the verifier', async ({ signedIn, server }) => {
  server.fault({ kind: 'wrong-proof' });
  await expect(signIn(signedIn.token)).rejects.toThrow('Server hash was invalid, shared key mismatch');
});

test('refuses a public value that would make the key known to all', async ({ signedIn, server }) => {
  const prime = getPrime();
  for (const userA of ['0', prime.toString(16), (prime * 2n).toString(16), 'no hex', '']) {
    const sessionId = await startSignIn(server.url, signedIn.token);
    const response = await post(`${server.url}/api/v2/auth`, { userA }, sessionId);
    expect(response.status).toBe(400);
  }
});

test('refuses a session before its client proves itself', async ({ signedIn, server }) => {
  const sessionId = await startSignIn(server.url, signedIn.token);
  const headers = { 'x-agilebits-session-id': sessionId, 'x-agilebits-mac': 'v1|1|AAAA' };
  const response = await fetch(`${server.url}/api/v1/vaults`, { headers });
  expect([response.status, await response.json()]).toEqual([401, { reason: 'session is started' }]);
});

test('refuses a second proof against the same agreement', async ({ signedIn, server }) => {
  const sessionId = await startSignIn(server.url, signedIn.token);
  await post(`${server.url}/api/v2/auth`, { userA: '5' }, sessionId);
  const proof = { clientVerifyHash: Buffer.alloc(32).toString('base64url') };
  const refusals = [
    await post(`${server.url}/api/v2/auth/confirm-key`, proof, sessionId),
    await post(`${server.url}/api/v2/auth/confirm-key`, proof, sessionId),
  ];
  expect(await Promise.all(refusals.map((each) => each.json()))).toEqual([
    { reason: 'wrong client proof' },
    { reason: 'sign-in is expired' },
  ]);
});

test("keeps the vault's key from a token with another unlock key", async ({ signedIn, vault }) => {
  vault.addItem(admin());
  const { muk } = onepassword.parseToken(signedIn.token);
  const token = changeToken(signedIn.token, { muk: { ...muk, k: Buffer.alloc(32).toString('base64url') } });
  const client = await signIn(token);
  await expect(client.secrets.resolve(PASSWORD)).rejects.toThrow('GcmFailedToDecrypt');
});

// request MACs

test('refuses a request that was made before', async ({ client, vault, server }) => {
  vault.addItem(admin());
  const { requests } = await captureFetch(() => client.secrets.resolveAll([PASSWORD]));
  expect(requests.length).toBeGreaterThanOrEqual(3);
  for (const request of requests)
    expect(await (await fetch(request)).json()).toEqual({ reason: 'replayed request' });
  expect(server.count({ path: /batch/ })).toBe(2);
});

test('refuses a request whose MAC is altered, missing or of another request', async ({ client, server }) => {
  const { requests } = await captureFetch(() => client.vaults.list());
  const [request] = requests;
  const [version, requestId, tag] = request!.headers.get('x-agilebits-mac')!.split('|');
  const altered = tag!.startsWith('A') ? `B${tag!.slice(1)}` : `A${tag!.slice(1)}`;
  const send = async (mac: string, path = '/api/v1/vaults?attrs=combined-access', method = 'GET') => {
    const headers = new Headers(request!.headers);
    headers.set('x-agilebits-mac', mac);
    const answer: unknown = await (await fetch(server.url + path, { method, headers })).json();
    return (answer as { reason?: string }).reason;
  };
  const wrong = 'wrong request MAC';
  expect(await send(`${version}|${requestId}|${altered}`)).toBe(wrong);
  expect(await send(`${version}|${Number(requestId) + 1}|${tag}`)).toBe(wrong);
  expect(await send(`${version}|${requestId}|${tag}`, '/api/v2/account/keysets')).toBe(wrong);
  expect(await send(`${version}|${requestId}|${tag}`, '/api/v1/vaults')).toBe(wrong);
  expect(await send(`${version}|${requestId}|${tag}`, undefined, 'POST')).toBe(wrong);
  expect(await send(`v2|${requestId}|${tag}`)).toBe('no request MAC');
  expect(await send('')).toBe('no request MAC');
});

test('refuses a message that was altered on its way', async ({ client, vault, server }) => {
  vault.addItem(admin());
  const alter = async (request: Request) => {
    if (!request.url.endsWith('/batch')) return request;
    const envelope = (await request.json()) as { data: string };
    const data = Buffer.from(envelope.data, 'base64url');
    data[0]! ^= 1;
    const body = JSON.stringify({ ...envelope, data: data.toString('base64url') });
    return new Request(request.url, { method: 'POST', headers: request.headers, body });
  };
  await captureFetch(() => errorOf(client.secrets.resolveAll([PASSWORD])), alter);
  expect(server.requests('batch').map(formatEnd)).toEqual(['400 message cannot be opened']);
});

test('answers many requests at once', async ({ client, vault, server }) => {
  vault.addItem(admin());
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.secrets.resolve(PASSWORD)));
  expect(new Set(answers)).toEqual(new Set(['correct horse']));
  expect(new Set(server.requests().map(formatEnd))).toEqual(new Set(['200']));
});

// accounts, vaults and items

test('keeps accounts apart', async ({ signedIn, server }) => {
  const other = server.addAccount({ name: 'other' });
  const vault = other.addVault({ title: 'automation' });
  vault.addItem(login({ title: 'admin', password: 'of the other account' }));
  const client = await signIn(other.addServiceAccount({ vaults: [{ vault }] }).token);
  expect(await client.secrets.resolve(PASSWORD)).toBe('of the other account');
  expect(await titles(client.vaults.list())).toEqual(['automation']);
  await expect(client.items.list(signedIn.account.vaults[0]!.id)).rejects.toThrow("item couldn't be found");
  expect(server.count({ account: 'other', route: 'vaults' })).toBe(2);
  expect(() => other.addServiceAccount({ vaults: [{ vault: signedIn.account.vaults[0]! }] })).toThrow(
    'is not in account "other"',
  );
});

test('reports a vault out of reach like one that does not exist', async ({ client, signedIn }) => {
  const hidden = signedIn.account.addVault({ title: 'hidden' });
  hidden.addItem(admin());
  const unknown = 'a'.repeat(26);
  for (const vault of ['hidden', hidden.id, unknown])
    expect((await errorOf(client.secrets.resolve(`op://${vault}/admin/password`))).message).toContain(
      'no vault matched the secret reference query',
    );
});

test('shows through vault access what a token may do', async ({ signedIn, server }) => {
  const account = server.addAccount({ name: 'powerful' });
  const readable = account.addVault({ title: 'readable' });
  const writable = account.addVault({ title: 'writable' });
  const shareable = account.addVault({ title: 'shareable' });
  const client = await signIn(
    account.addServiceAccount({
      vaults: [
        { vault: readable },
        { vault: writable, permissions: ['read_items', 'write_items'] },
        { vault: shareable, permissions: ['read_items', 'share_items'] },
      ],
    }).token,
  );
  const read = sdk.READ_ITEMS | sdk.REVEAL_ITEM_PASSWORD;
  const write = sdk.CREATE_ITEMS | sdk.UPDATE_ITEMS | sdk.ARCHIVE_ITEMS | sdk.DELETE_ITEMS;
  expect((await titles(client.vaults.list())).sort()).toEqual(['readable', 'shareable', 'writable']);
  expect(await permissions(client, readable)).toBe(read);
  expect(await permissions(client, writable)).toBe(read | write | sdk.UPDATE_ITEM_HISTORY);
  expect(await permissions(client, shareable)).toBe(read | sdk.SEND_ITEMS);
  expect(await permissions(signedIn.client, signedIn.account.vaults[0]!)).toBe(read);
});

test("names permission bits as the SDK's constants do", () => {
  for (const [name, bit] of Object.entries(onepassword.VAULT_BITS))
    expect(sdk[name as keyof typeof sdk]).toBe(bit);
});

test('refuses a write to a token that may only read', async ({ client, vault }) => {
  const { id } = vault.addItem(admin());
  await expect(client.items.archive(vault.id, id)).rejects.toThrow(
    'you do not have the right permissions to perform this action',
  );
  expect(await client.secrets.resolve(PASSWORD)).toBe('correct horse');
});

test('answers 120 items in batches of 50', async ({ client, vault, server }) => {
  const names = Array.from({ length: 120 }, (_, index) => `user-${index}`);
  for (const title of names) vault.addItem(login({ title, password: `of ${title}` }));
  const references = names.map((title) => `op://automation/${title}/password`);
  const { individualResponses } = await client.secrets.resolveAll(references);
  expect(references.map((reference) => individualResponses[reference]?.content?.secret)).toEqual(
    names.map((title) => `of ${title}`),
  );
  expect([server.count('overviews'), server.count('batch')]).toEqual([1, 3]);
});

test('leaves two items of one title ambiguous, unless the id is given', async ({ client, vault }) => {
  vault.addItem(admin());
  const second = vault.addItem(login({ title: 'Admin', password: 'second' }));
  await expect(client.secrets.resolve(PASSWORD)).rejects.toThrow('more than one item matched');
  expect(await client.secrets.resolve(`op://automation/${second.id}/password`)).toBe('second');
});

test('hides an archived item from its title, and says so of its id', async ({ client, vault }) => {
  const archived = vault.addItem(admin());
  archived.archive();
  const byId = `op://automation/${archived.id}/password`;
  await expect(client.secrets.resolve(PASSWORD)).rejects.toThrow('no item matched');
  await expect(client.secrets.resolve(byId)).rejects.toThrow('item is not in an active state');
  expect((await client.vaults.getOverview(vault.id)).activeItemCount).toBe(0);
  const all = { type: 'ByState', content: { active: true, archived: true } } as const;
  expect((await client.items.list(vault.id, all)).map(({ state }) => state)).toEqual(['archived']);
  archived.restore();
  expect(await client.secrets.resolve(byId)).toBe('correct horse');
});

test('leaves items that are gone out of a batch', async ({ client, vault }) => {
  const { id } = vault.addItem(admin());
  const { individualResponses } = await client.items.getAll(vault.id, ['a'.repeat(26), id]);
  expect(individualResponses.map(({ content }) => content?.id)).toEqual([id]);
});

test('shows a change at once', async ({ client, vault }) => {
  const changing = vault.addItem(admin());
  const { contentVersion } = vault;
  changing.setField('password', 'new');
  expect(await client.secrets.resolve(PASSWORD)).toBe('new');
  changing.rename('root');
  expect(await client.secrets.resolve('op://automation/root/password')).toBe('new');
  expect((await client.items.get(vault.id, changing.id)).version).toBe(3);
  expect((await client.vaults.getOverview(vault.id)).contentVersion).toBe(contentVersion + 2);
  expect(() => changing.setField('pasword', 'x')).toThrow('has 0 fields named "pasword"');
  changing.remove();
  await expect(client.secrets.resolve('op://automation/root/password')).rejects.toThrow('no item matched');
});

test('answers fields in sections, without them, and of the same title', async ({ client, vault }) => {
  const codes = section('recovery codes', [field('concealed', 'first', '1111')]);
  const questions = section('questions', [field('string', 'first', 'Rex'), field('email', 'mail', 'a@b.c')]);
  vault.addItem(
    login({ title: 'admin', fields: [field('URL', 'page', 'https://x.test')], sections: [codes, questions] }),
  );
  const resolve = (path: string) => client.secrets.resolve(`op://automation/admin/${path}`);
  expect(await resolve('recovery codes/first')).toBe('1111');
  expect(await resolve(`${questions.id}/first`)).toBe('Rex');
  expect(await resolve('mail')).toBe('a@b.c');
  expect(await resolve('page')).toBe('https://x.test');
  await expect(resolve('first')).rejects.toThrow('more than one field matched');
  await expect(resolve('answers/first')).rejects.toThrow('no section matched');
  await expect(resolve('second')).rejects.toThrow('the specified field cannot be found');
});

test('serves credentials, passwords, notes and web addresses', async ({ client, vault }) => {
  vault.addItem(apiCredentials({ title: 'api', username: 'robot', credential: 'key' }));
  vault.addItem(onepassword.passwordItem({ title: 'pin', password: '0000' }));
  vault.addItem(onepassword.secureNote({ title: 'note', notes: 'remember' }));
  const page = vault.addItem(login({ title: 'page', urls: ['https://x.test/sign-in'], tags: ['e2e'] }));
  expect(await client.secrets.resolve('op://automation/api/credential')).toBe('key');
  expect(await client.secrets.resolve('op://automation/pin/password')).toBe('0000');
  expect(await client.secrets.resolve('op://automation/note/notesPlain')).toBe('remember');
  const { tags, websites } = await client.items.get(vault.id, page.id);
  expect([tags, websites.map(({ url }) => url)]).toEqual([['e2e'], ['https://x.test/sign-in']]);
});

test('serves an item of every category', async ({ client, vault }) => {
  const categories = Object.keys(onepassword.TEMPLATES) as (keyof typeof onepassword.TEMPLATES)[];
  for (const category of categories) vault.addItem(item(category, { title: category }));
  const items = await client.items.list(vault.id);
  expect(items.map(({ category }): string => category)).toEqual(categories);
  expect(items.map(({ title }) => title)).toEqual(categories);
});

test('serves SSH keys', async ({ client, vault }) => {
  vault.addItem(onepassword.sshKey({ title: 'deploy' }));
  const resolve = (path: string) => client.secrets.resolve(`op://automation/deploy/${path}`);
  expect(await resolve('private key')).toContain('BEGIN PRIVATE KEY');
  expect(await resolve('private key?ssh-format=openssh')).toContain('BEGIN OPENSSH PRIVATE KEY');
  const [overview] = await client.items.list(vault.id);
  const { fields } = await client.items.get(vault.id, overview!.id);
  expect(fields[0]?.details?.content).toEqual({
    publicKey: await resolve('public key'),
    fingerprint: await resolve('fingerprint'),
    keyType: 'Ed25519',
  });
});

test('serves files of items and documents, encrypted by keys of their items', async ({
  client,
  vault,
  server,
}) => {
  const bytes = Buffer.from([0x30, 0x82, 0x00, 0xff]);
  const files = section('files', [fileField('client.pem', 'PEM'), fileField('client.p12', bytes)]);
  const { id } = vault.addItem(login({ title: 'admin', sections: [files] }));
  const { id: documentId } = vault.addItem(documentItem({ title: 'kube', file: ['kube config', 'yaml'] }));
  expect(await client.secrets.resolve('op://automation/admin/files/CLIENT.pem')).toBe('PEM');
  expect(await client.secrets.resolve('op://automation/kube/kube config')).toBe('yaml');
  const admin = await client.items.get(vault.id, id);
  expect(admin.files.map(({ attributes }) => attributes.name)).toEqual(['client.pem', 'client.p12']);
  const p12 = admin.files[1]!.attributes;
  expect(Buffer.from(await client.items.files.read(vault.id, id, p12))).toEqual(bytes);
  const { document } = await client.items.get(vault.id, documentId);
  expect(document).toMatchObject({ name: 'kube config', size: 4 });
  expect(server.count('file')).toBe(3);
  server.fault({ match: 'file', kind: 'garble', times: 1 });
  await expect(client.items.files.read(vault.id, id, p12)).rejects.toThrow('DecryptionHashMismatch');
});

test('takes ids that are given, and none that the SDK would not take', async ({ client, vault }) => {
  const id = `${'b'.repeat(25)}a`;
  vault.addItem(login({ id, title: 'admin', password: 'by id' }));
  expect(await client.secrets.resolve(`op://automation/${id}/password`)).toBe('by id');
  expect(() => vault.addItem(login({ id, title: 'again' }))).toThrow('has an item of id');
  expect(() => vault.addItem(login({ id: 'b'.repeat(26), title: 'x' }))).toThrow('is not an id');
  expect(() => vault.addItem(login({ id: 'short', title: 'x' }))).toThrow('is not an id');
});

// one-time codes

for (const [name, parameters, options] of [
  ['seed', '', {}],
  ['period', '&period=60', { period: 60 }],
  ['digits', '&digits=8', { digits: 8 }],
  ['algorithm', '&algorithm=SHA256', { algorithm: 'sha256' }],
  [
    'parameters',
    '&issuer=Acme&algorithm=SHA512&digits=7&period=15',
    { algorithm: 'sha512', digits: 7, period: 15 },
  ],
] as const)
  test(`gives codes by the ${name} of an otpauth URI`, async ({ client, vault }) => {
    vault.addItem(login({ title: 'admin', totp: `otpauth://totp/Acme:ada?secret=${SEED}${parameters}` }));
    const before = codeAt(Date.now(), options);
    const code = await client.secrets.resolve(`${CODE}?attribute=otp`);
    expect([before, codeAt(Date.now(), options)]).toContain(code);
  });

test('gives the seed itself when no code is asked for', async ({ client, vault }) => {
  vault.addItem(admin());
  expect(await client.secrets.resolve(CODE)).toBe(SEED);
  await expect(client.secrets.resolve(`${PASSWORD}?attribute=otp`)).rejects.toThrow(
    'TOTP attribute can only be applied to TOTP-type fields',
  );
});

test('has codes fail for a field that is no seed', async ({ client, vault }) => {
  const codes = vault.addItem(
    login({ title: 'admin', fields: [totpField('one-time password', 'not base32!')] }),
  );
  const resolve = () => client.secrets.resolve(`${CODE}?attribute=totp`);
  await expect(resolve()).rejects.toThrow('TOTP code could not be generated: SecretNotBase32');
  codes.setField('one-time password', 'otpauth://totp/x?issuer=Acme');
  await expect(resolve()).rejects.toThrow('TOTP code could not be generated: NoSecret');
  codes.setField('one-time password', `otpauth://hotp/x?secret=${SEED}&counter=1`);
  await expect(resolve()).rejects.toThrow('TOTP code could not be generated: InvalidUriHost');
});

// the log

test('logs who asked for what and how it ended, and no secret', async ({ client, vault, server }) => {
  const { id } = vault.addItem(admin());
  await client.secrets.resolve(`op://${vault.id}/${id}/password`);
  const [request] = server.requests('item');
  expect(request).toEqual({
    route: 'item',
    method: 'GET',
    path: `/api/v1/vault/${vault.id}/item/${id}`,
    account: 'acme',
    serviceAccount: 'pipeline',
    whenMs: expect.any(Number) as unknown,
    userAgent: expect.stringContaining('playwright-auth-sessions/0.1.0') as unknown,
    faults: [],
    status: 200,
    refusal: undefined,
  });
  expect(JSON.stringify(server.requests())).not.toMatch(/correct horse|ada|ops_/);
});

test('counts requests by pattern', async ({ client, vault, server }) => {
  vault.addItem(admin());
  await client.secrets.resolve(PASSWORD);
  expect(server.count('overviews')).toBe(1);
  expect(server.count({ path: '/api/v1/vaults' })).toBe(1);
  expect(server.count({ path: /^\/api\/v1\/vault\//, method: 'get' })).toBe(2);
  expect(server.count({ method: 'POST' })).toBe(0);
  expect(server.count({ serviceAccount: 'pipeline', route: 'item' })).toBe(1);
  expect(server.count({ serviceAccount: 'another' })).toBe(0);
  server.resetCounts();
  expect(server.count()).toBe(0);
});

// what goes wrong

for (const [fault, route, message] of [
  [{ kind: 'status', status: 403 }, 'item', 'you do not have the right permissions'],
  [{ kind: 'status', status: 404 }, 'overviews', 'no item matched'],
  [{ kind: 'status', status: 500, body: '{}' }, 'vaults', 'unable to retrieve vaults: internal server error'],
  [{ kind: 'status', status: 503 }, 'item', 'unexpected status code in response: 503 Service Unavailable'],
  [{ kind: 'body', body: '<html>' }, 'item', 'when decrypting request body'],
  [{ kind: 'rewrite', rewrite: () => [{}] }, 'vaults', '<redacted json data error>'],
  [{ kind: 'truncate', bytes: 40 }, 'item', 'Unexpected error when retrieving response contents'],
  [{ kind: 'truncate', bytes: 0 }, 'item', 'Unexpected error when retrieving response contents'],
  [{ kind: 'truncate', bytes: 40, ending: 'clean' }, 'item', 'EOF while parsing a string'],
  [{ kind: 'reset' }, 'item', 'reqwest library: error sending request'],
] satisfies [Fault, RouteName, string][])
  test(`fails a resolve by ${formatFault(fault)} of ${route}`, async ({ client, vault, server }) => {
    vault.addItem(admin());
    const handle = server.fault({ ...fault, match: route });
    const { message: told } = await errorOf(client.secrets.resolve(PASSWORD));
    expect(told).toContain(message);
    expect(server.requests().at(-1)).toMatchObject({ route, faults: [fault.kind] });
    expect(handle.hits()).toBe(1);
    handle.remove();
    expect(await client.secrets.resolve(PASSWORD)).toBe('correct horse');
  });

for (const [fault, route, message] of [
  [{ kind: 'status', status: 409 }, 'sign-in-start', 'a conflict occurred on the server'],
  [{ kind: 'status', status: 429 }, 'sign-in-complete', 'rate limit exceeded'],
  [{ kind: 'body', body: '{}' }, 'sign-in-start', 'invalid user auth parameters within token'],
  [{ kind: 'reset' }, 'sign-in-agree', 'error sending request'],
  [{ kind: 'truncate', bytes: 40 }, 'sign-in-prove', 'Unexpected error when retrieving response contents'],
] satisfies [Fault, RouteName, string][])
  test(`fails a sign-in by ${formatFault(fault)} of ${route}`, async ({ signedIn, server }) => {
    server.fault({ ...fault, match: route });
    const { message: told } = await errorOf(signIn(signedIn.token));
    expect(told).toMatch(/^authentication error: /);
    expect(told).toContain(message);
  });

test('strikes the nth request, so many times, or with a probability', async () => {
  const draws = [0.9, 0.1, 0.5];
  await using server = await onepassword.createOnePasswordServer({ random: () => draws.shift()! });
  const status = async () => (await fetch(server.url)).status;
  const statuses = async () => [await status(), await status(), await status()];
  const probably = server.fault({ kind: 'status', status: 500, probability: 0.5 });
  expect(await statuses()).toEqual([401, 500, 401]);
  probably.remove();
  draws.push(...Array.from({ length: 6 }, () => 0.5));
  const second = server.fault({ kind: 'status', status: 502, nth: 2 });
  expect(await statuses()).toEqual([401, 502, 401]);
  second.remove();
  const twice = server.fault({ kind: 'status', status: 503, times: 2 });
  expect(await statuses()).toEqual([503, 503, 401]);
  expect([probably, second, twice].map((fault) => fault.hits())).toEqual([1, 1, 2]);
});

test('delays an answer', async ({ client, server }) => {
  server.fault({ match: 'vaults', kind: 'delay', delayMs: 120 });
  const startMs = performance.now();
  await client.vaults.list();
  expect(performance.now() - startMs).toBeGreaterThan(115);
});

test('adds faults up', async ({ client, server }) => {
  server.fault({ match: 'vaults', kind: 'delay', delayMs: 5 });
  server.fault({ match: 'vaults', kind: 'status', status: 500 });
  await expect(client.vaults.list()).rejects.toThrow('internal server error');
  expect(server.requests('vaults')).toMatchObject([{ faults: ['delay', 'status'], status: 500 }]);
});

test('closes at once, requests that hang among them', async () => {
  const server = await onepassword.createOnePasswordServer();
  const account = server.addAccount({ name: 'acme' });
  const vault = account.addVault({ title: 'automation' });
  const client = await signIn(account.addServiceAccount({ vaults: [{ vault }] }).token);
  server.fault({ match: 'vaults', kind: 'hang' });
  server.fault({ match: 'overviews', kind: 'delay', delayMs: 60_000 });
  const failures = [errorOf(client.vaults.list()), errorOf(client.items.list(vault.id))];
  await expect.poll(() => [server.count('vaults'), server.count('overviews')]).toEqual([1, 1]);
  await server.close();
  for (const { message } of await Promise.all(failures)) expect(message).toContain('error sending request');
  await server.close();
});

test('expires a session until the client signs in again', async ({ client, vault, server }) => {
  vault.addItem(admin());
  server.fault({ match: 'overviews', kind: 'expired-session', times: 1 });
  expect(await client.secrets.resolve(PASSWORD)).toBe('correct horse');
  expect(server.requests('overviews').map(formatEnd)).toEqual(['401 session is expired', '200']);
  expect(server.count('sign-in-complete')).toBe(1);
  server.expireSessions();
  expect(await client.secrets.resolve(PASSWORD)).toBe('correct horse');
  expect(server.count('sign-in-complete')).toBe(2);
});

test('refuses a revoked service account, signed in or not', async ({ signedIn, server, vault }) => {
  vault.addItem(admin());
  const leaver = signedIn.account.addServiceAccount({ name: 'leaver', vaults: [{ vault }] });
  const client = await signIn(leaver.token);
  server.fault({ match: { serviceAccount: 'leaver', route: 'overviews' }, kind: 'revoked' });
  await expect(client.secrets.resolve(PASSWORD)).rejects.toThrow('bad credentials, please retry');
  await expect(signIn(leaver.token)).rejects.toThrow('authentication error: you are not authenticated');
  expect(leaver.revoked).toBe(true);
  expect(await signedIn.client.secrets.resolve(PASSWORD)).toBe('correct horse');
});

test('limits a token until the window is over', async () => {
  let nowMs = 1_800_000_000_000;
  await using server = await onepassword.createOnePasswordServer({ nowMs: () => nowMs });
  const account = server.addAccount({ name: 'acme' });
  const vault = account.addVault({ title: 'automation' });
  vault.addItem(admin());
  const { token } = account.addServiceAccount({ vaults: [{ vault }] });
  const client = await signIn(token);
  server.fault({ match: 'item', kind: 'rate-limit', windowSeconds: 60, times: 1 });
  await expect(client.secrets.resolve(PASSWORD)).rejects.toThrow('rate limit exceeded');
  await expect(client.vaults.list()).rejects.toThrow(sdk.RateLimitExceededError);
  await expect(signIn(token)).rejects.toThrow('authentication error: rate limit exceeded');
  nowMs += 59_999;
  await expect(client.vaults.list()).rejects.toThrow(sdk.RateLimitExceededError);
  nowMs += 1;
  expect(await client.secrets.resolve(PASSWORD)).toBe('correct horse');
});

test("counts a token's and an account's reads, sign-in not among them", async () => {
  let nowMs = 1_800_000_000_000;
  await using server = await onepassword.createOnePasswordServer({ nowMs: () => nowMs });
  const account = server.addAccount({ name: 'acme', rateLimit: { reads: 4, windowSeconds: 86_400 } });
  const vault = account.addVault({ title: 'automation' });
  const rateLimit = { reads: 3, windowSeconds: 3600 };
  const [one, other] = await Promise.all(
    [1, 2].map(() => signIn(account.addServiceAccount({ vaults: [{ vault }], rateLimit }).token)),
  );
  await one!.vaults.list(); // two reads: the key set once
  await one!.vaults.list();
  const { answers } = await captureFetch(() => errorOf(one!.vaults.list()));
  expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([[429, '3600']]);
  await expect(other!.vaults.list()).rejects.toThrow('rate limit exceeded');
  nowMs += 3_600_000;
  await expect(one!.vaults.list()).rejects.toThrow(sdk.RateLimitExceededError);
  nowMs += 82_800_000;
  expect(await titles(one!.vaults.list())).toEqual(['automation']);
});

// alone

test('starts alone, prints the token to use, and stops at once', async () => {
  await using server = await startAlone();
  const [listening, variable] = server.lines;
  expect(listening).toMatch(/^1Password server is listening on http:\/\/127\.0\.0\.1:\d+$/);
  expect(variable).toMatch(/^OP_SERVICE_ACCOUNT_TOKEN=ops_[\w-]+$/);
  const client = await signIn(server.token);
  for (const [name, { email, password, totp }] of Object.entries(demoAccounts)) {
    const item = `op://automation/consultations-${name}`;
    expect(await client.secrets.resolve(`${item}/username`)).toBe(email);
    expect(await client.secrets.resolve(`${item}/password`)).toBe(password);
    const before = codeAt(Date.now(), totp);
    const code = await client.secrets.resolve(`${item}/one-time password?attribute=otp`);
    expect([before, codeAt(Date.now(), totp)]).toContain(code);
  }
  server.process.kill('SIGTERM');
  expect(await once(server.process, 'exit')).toEqual([0, null]);
});

test('starts alone with the items of a file', async ({}, testInfo) => {
  const file = testInfo.outputPath('items.json');
  await writeFile(file, JSON.stringify([{ title: 'admin', username: 'ada', password: 'correct horse' }]));
  await using server = await startAlone('--items', file);
  const client = await signIn(server.token);
  expect(await client.secrets.resolve(PASSWORD)).toBe('correct horse');
});

function changeToken(token: string, change: Partial<ReturnType<typeof onepassword.parseToken>>): string {
  return onepassword.formatToken({ ...onepassword.parseToken(token), ...change });
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error as Error,
  );
}

async function titles(overviews: Promise<readonly { title: string }[]>): Promise<string[]> {
  return (await overviews).map(({ title }) => title);
}

async function permissions(client: Client, { id }: Vault): Promise<number | undefined> {
  const { access } = await client.vaults.get(id, { accessors: true });
  return access?.[0]?.permissions;
}

function codeAt(nowMs: number, options: Partial<Parameters<typeof generateSync>[0]>): string {
  const guardrails = createGuardrails({ MIN_SECRET_BYTES: 10 });
  return generateSync({ secret: SEED, epoch: Math.floor(nowMs / 1000), guardrails, ...options });
}

function formatFault(fault: Fault): string {
  if (fault.kind === 'status') return `status ${fault.status}`;
  if (fault.kind === 'truncate') return `${fault.ending ?? 'broken'} truncation after ${fault.bytes} bytes`;
  return fault.kind;
}

function formatEnd({ status, refusal }: LoggedRequest): string {
  return refusal === undefined ? String(status) : `${status} ${refusal}`;
}

function getPrime(): bigint {
  return BigInt(`0x${getDiffieHellman('modp16').getPrime('hex')}`);
}
