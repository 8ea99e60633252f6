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
import { generateURI } from 'otplib';
import * as v from 'valibot';
import { demoAccounts } from '../consultations/demo-accounts.js';
import { createOnePasswordServer, login } from './index.js';

const Items = v.array(
  v.strictObject({
    title: v.string(),
    username: v.string(),
    password: v.string(),
    totp: v.optional(v.string()),
  }),
);

/** The consultations site's accounts, each as an item `consultations-…`. */
const demoItems = Object.entries(demoAccounts).map(
  ([name, { email, password, totp }]): v.InferOutput<typeof Items>[number] => ({
    title: `consultations-${name}`,
    username: email,
    password,
    totp: generateURI({ issuer: 'Consultations', label: email, ...totp, period: totp.periodSeconds }),
  }),
);

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '0' }, items: { type: 'string' } },
});

const items =
  options.items === undefined ? demoItems : v.parse(Items, JSON.parse(await readFile(options.items, 'utf8')));

const server = await createOnePasswordServer({ port: Number(options.port) });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());

const account = server.addAccount({ name: 'automation' });
const vault = account.addVault({ title: 'automation' });
for (const { totp, ...item } of items) vault.addItem(login({ ...item, ...(totp !== undefined && { totp }) }));
const { token } = account.addServiceAccount({ name: 'automation', vaults: [{ vault }] });

console.log(`1Password server is listening on ${server.url}`);
console.log(`OP_SERVICE_ACCOUNT_TOKEN=${token}`);
