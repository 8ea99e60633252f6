/**
 * Starts the 1Password server alone, with the vault that this repository's own auth sessions name:
 *
 *     node --import jiti/register tests/support/onepassword/serve.ts [--port N] [--items FILE]
 *
 * FILE is JSON, `[{ "title": "consultations-admin", "username": "…", "password": "…", "totp": "…" }]`, and takes
 * the place of the demo items. `totp` is a base32 seed or an `otpauth://` URI.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { createOnePasswordServer, login } from './index.js';

const Items = v.array(
  v.strictObject({
    title: v.string(),
    username: v.string(),
    password: v.string(),
    totp: v.optional(v.string()),
  }),
);

const DEMO_ITEMS: v.InferOutput<typeof Items> = [
  {
    title: 'consultations-admin',
    username: 'admin@consultations.test',
    password: 'demo-password-of-admin',
    totp: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  },
  {
    title: 'consultations-customer',
    username: 'customer@consultations.test',
    password: 'demo-password-of-customer',
    totp: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU',
  },
  {
    title: 'consultations-newcomer',
    username: 'newcomer@consultations.test',
    password: 'demo-password-of-newcomer',
    totp: 'MZXW6YTBOI3DEMZUMZXW6YTBOI3DEMZU',
  },
];

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '0' }, items: { type: 'string' } },
});

const items =
  options.items === undefined
    ? DEMO_ITEMS
    : v.parse(Items, JSON.parse(await readFile(options.items, 'utf8')));

const server = await createOnePasswordServer({ port: Number(options.port) });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());

const account = server.addAccount({ name: 'automation' });
const vault = account.addVault({ title: 'automation' });
for (const { totp, ...item } of items) vault.addItem(login({ ...item, ...(totp !== undefined && { totp }) }));
const { token } = account.addServiceAccount({ name: 'automation', vaults: [{ vault }] });

console.log(`1Password server is listening on ${server.url}`);
console.log(`OP_SERVICE_ACCOUNT_TOKEN=${token}`);
