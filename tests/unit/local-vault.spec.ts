import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { AuthSessionsError } from '../../src/core/errors.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createLocalVault } from '../../src/vault/local/local.js';
import { createFakeClock } from '../support/fake-clock.js';
import { errorOf } from '../support/session-bench.js';
import { test as base } from '../support/store/temporary-folder.js';

const username = parseSecretReference('op://qa/admin/username');
const password = parseSecretReference('op://qa/admin/password');
const otp = parseSecretReference('op://qa/admin/otp?attribute=otp');
const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

interface Bench {
  readonly vault: ReturnType<typeof createLocalVault>;
  readonly told: SecretValue[];
  readonly write: (text: string, name?: string) => Promise<void>;
}

const test = base.extend<{ bench: Bench }>({
  bench: async ({ folder }, use) => {
    const told: SecretValue[] = [];
    const files = ['.env.auth-sessions', '.env.mine'].map((name) => join(folder, name));
    const clock = createFakeClock(59_000);
    const vault = createLocalVault({ files, folder, clock, onSecret: (secret) => told.push(secret) });
    await use({
      vault,
      told,
      write: (text, name = '.env.auth-sessions') => writeFile(join(folder, name), text),
    });
  },
});

test('answers references by their keys', async ({ bench }) => {
  await bench.write('QA__ADMIN__USERNAME=ada\nQA__ADMIN__PASSWORD="hunter2"');
  const answers = await bench.vault.resolveAll([username, password]);
  expect([...answers].map(([text, answer]) => [text, revealed(answer)])).toEqual([
    [username.text, 'ada'],
    [password.text, 'hunter2'],
  ]);
  expect(bench.vault.requestCount()).toBe(0);
});

test('answers variables of an Environment by their keys, and codes of their seeds', async ({ bench }) => {
  const id = 'blgexucrwfr2dtsxe2q4uu7dp4';
  const [value, code] = ['ADMIN', 'OTP?attribute=otp'].map((name) =>
    parseSecretReference(`op-env://${id}/${name}`),
  );
  await bench.write(`${id.toUpperCase()}__ADMIN=ada\n${id.toUpperCase()}__OTP=${seed}`);
  expect([...(await bench.vault.resolveAll([value!])).values()].map(revealed)).toEqual(['ada']);
  expect((await bench.vault.readCode(code!)).code.reveal()).toBe('287082');
});

test('answers a file of bytes in Base64, and refuses it as a text', async ({ bench }) => {
  const bytes = Buffer.of(0x30, 0x82, 0xff, 0x00);
  const file = parseSecretReference('op://qa/admin/client.p12?encoding=base64');
  const text = parseSecretReference('op://qa/admin/client.p12');
  await bench.write(`QA__ADMIN__CLIENT_P12__base64=${bytes.toString('base64')}`);
  const answers = await bench.vault.resolveAll([file, text]);
  expect(revealed(answers.get(file.text))).toBe(bytes.toString('base64'));
  expect(answers.get(text.text)).toMatchObject({ code: 'ERR_VALUE_UNUSABLE' });
});

test('lets a later file win', async ({ bench }) => {
  await bench.write('QA__ADMIN__USERNAME=ada\nQA__ADMIN__PASSWORD=one');
  await bench.write('QA__ADMIN__PASSWORD=two', '.env.mine');
  const answers = await bench.vault.resolveAll([username, password]);
  expect([...answers.values()].map(revealed)).toEqual(['ada', 'two']);
});

test('takes an edit at once', async ({ bench }) => {
  await bench.write('QA__ADMIN__USERNAME=ada');
  await bench.vault.resolveAll([username]);
  await bench.write('QA__ADMIN__USERNAME=eda');
  expect([...(await bench.vault.resolveAll([username])).values()].map(revealed)).toEqual(['eda']);
});

test('reports a missing credential with its key and files, and answers the others', async ({ bench }) => {
  await bench.write('QA__ADMIN__USERNAME=ada');
  const answers = await bench.vault.resolveAll([username, password]);
  expect(revealed(answers.get(username.text))).toBe('ada');
  const error = answers.get(password.text) as AuthSessionsError;
  expect(error).toMatchObject({ code: 'ERR_LOCAL_CREDENTIAL_MISSING', reference: password.text });
  expect(error.message).toBe(
    'No local credential exists for "op://qa/admin/password". Its key QA__ADMIN__PASSWORD is missing in ' +
      ".env.auth-sessions, .env.mine. Write the line QA__ADMIN__PASSWORD='…' into .env.mine, which Git must ignore. " +
      'Or add all keys: npx playwright-auth-sessions local init. ' +
      '[ERR_LOCAL_CREDENTIAL_MISSING]',
  );
});

test('takes an empty credential for a missing one, and says so', async ({ bench }) => {
  await bench.write('QA__ADMIN__PASSWORD=""');
  const answer = (await bench.vault.resolveAll([password])).get(password.text);
  expect((answer as AuthSessionsError).explanation.known).toBe(
    'Its key QA__ADMIN__PASSWORD is empty in .env.auth-sessions, .env.mine.',
  );
  expect((answer as AuthSessionsError).explanation.next).toBe(
    'Fill in the value of QA__ADMIN__PASSWORD, in quotes.',
  );
});

test('says when none of its files is there', async ({ bench }) => {
  const answer = (await bench.vault.resolveAll([password])).get(password.text);
  expect((answer as AuthSessionsError).explanation.known).toBe(
    'These files do not exist: .env.auth-sessions, .env.mine.',
  );
});

test('does without its files, and rejects one that cannot be read', async ({ bench }) => {
  const missing = (await bench.vault.resolveAll([password])).get(password.text);
  expect(missing).toMatchObject({ code: 'ERR_LOCAL_CREDENTIAL_MISSING' });
  await bench.write('hunter2', '.env.mine');
  const error = await errorOf(bench.vault.resolveAll([password]));
  expect(error).toMatchObject({ code: 'ERR_LOCAL_FILE_INVALID' });
  expect(error.message).not.toContain('hunter2');
});

test.describe('a code', () => {
  test('is made from a seed now, and comes with its period', async ({ bench }) => {
    await bench.write(`QA__ADMIN__OTP="otpauth://totp/x?secret=${seed}&digits=8&period=30"`);
    const { code, periodSeconds } = await bench.vault.readCode(otp);
    expect([code.reveal(), periodSeconds]).toEqual(['94287082', 30]);
  });

  test('is given only after its seed was reported, in both of its forms', async ({ bench }) => {
    const spaced = seed.replaceAll(/(.{4})/g, '$1 ').trim();
    await bench.write(`QA__ADMIN__OTP="${spaced}"`);
    await bench.vault.readCode(otp);
    expect(bench.told.map((secret) => [secret.label, secret.reveal()])).toEqual([
      ['QA__ADMIN__OTP', spaced],
      ['QA__ADMIN__OTP.seed', seed],
    ]);
  });

  test('a missing or bad seed is an error that names its local key and never the seed', async ({ bench }) => {
    expect(await errorOf(bench.vault.readCode(otp))).toMatchObject({
      code: 'ERR_LOCAL_CREDENTIAL_MISSING',
      reference: otp.text,
    });
    await bench.write('QA__ADMIN__OTP=hunter2');
    const error = await errorOf(bench.vault.readCode(otp));
    expect(error.code).toBe('ERR_TOTP_SEED_INVALID');
    expect(error.message).toContain(
      'The TOTP seed in QA__ADMIN__OTP (.env.auth-sessions, .env.mine) is invalid.',
    );
    expect(error.explanation.next).toMatch(
      /^Write the seed as the value of QA__ADMIN__OTP, in quotes\. A seed is Base32/,
    );
    expect(error.message).not.toContain('hunter2');
  });
});

function revealed(answer: SecretValue | AuthSessionsError | undefined): string | undefined {
  return answer instanceof SecretValue ? answer.reveal() : undefined;
}
