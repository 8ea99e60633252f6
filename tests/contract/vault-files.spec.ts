import { randomBytes } from 'node:crypto';
import type { AuthSessionsError } from '../../src/core/errors.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { largestValueBytes } from '../../src/core/value-size.js';
import { documentItem, fileField, login, section } from '../support/onepassword/index.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { expect, test } from '../support/vault/signed-in-test.js';

const pem = '-----BEGIN CERTIFICATE-----\nY2VydA==\n-----END CERTIFICATE-----\n';
const archive = Buffer.concat([Buffer.of(0x30, 0x82, 0x00, 0xff), randomBytes(60)]);
let bench: OnePasswordBench;

test.beforeEach(({ signedInBench }) => {
  bench = signedInBench;
  const files = [fileField('client.pem', pem), fileField('client.p12', archive), fileField('none.txt', '')];
  bench.automation.addItem(
    login({ title: 'partner', password: 'correct horse', sections: [section('Files', files)] }),
  );
  bench.automation.addItem(documentItem({ title: 'cluster', file: ['kube config.yaml', 'apiVersion: v1'] }));
  bench.server.resetCounts();
});

test.describe('a file', () => {
  test('a file of text is read like a field, attached or a document, with one request more', async () => {
    const texts = [
      'op://automation/partner/client.pem',
      'op://automation/partner/Files/Client.PEM',
      'op://automation/cluster/kube config.yaml',
      'op://automation/partner/password',
    ];
    expect(await read(...texts)).toEqual([pem, pem, 'apiVersion: v1', 'correct horse']);
    expect(routes()).toEqual(['vaults', 'overviews', 'batch', 'file', 'file', 'file']);
  });

  test('a file of any bytes is read in Base64, by names or IDs', async () => {
    const { automation } = bench;
    const [partner, cluster] = automation.items;
    const files = partner!.contents.sections[0]!;
    for (const text of [
      'op://automation/partner/client.p12',
      'op://Automation/PARTNER/CLIENT.P12',
      'op://automation/partner/files/client.p12',
      `op://${automation.id}/${partner!.id}/${files.id}/${files.fields[1]!.id}`,
    ])
      expect(await read(`${text}?encoding=base64`), text).toEqual([archive.toString('base64')]);
    expect(await read(`op://automation/${cluster!.id}/kube config.yaml?encoding=base64`)).toEqual([
      Buffer.from('apiVersion: v1').toString('base64'),
    ]);
  });

  test('a file of bytes takes two requests more than its item, beside other references', async () => {
    const texts = [
      'op://automation/partner/client.p12?encoding=base64',
      'op://automation/partner/client.pem?encoding=base64',
    ];
    expect(await read(...texts)).toEqual([archive, Buffer.from(pem)].map((one) => one.toString('base64')));
    expect(routes()).toEqual(['vaults', 'overviews', 'batch', 'item', 'file', 'item', 'file']);
    const beside = ['op://automation/partner/password', texts[0]!];
    expect(await read(...beside)).toEqual(['correct horse', archive.toString('base64')]);
  });

  test('without content is an empty value', async () => {
    expect(await read('op://automation/partner/none.txt')).toEqual(['']);
    expect(await read('op://automation/partner/none.txt?encoding=base64')).toEqual(['']);
  });

  test('is read again at the next read', async () => {
    const text = 'op://automation/partner/client.p12?encoding=base64';
    await read(text);
    bench.automation.items[0]!.remove();
    const files = [fileField('client.p12', 'new')];
    bench.automation.addItem(login({ title: 'partner', sections: [section('Files', files)] }));
    bench.vault.forgetFailures?.();
    expect(await read(text)).toEqual([Buffer.from('new').toString('base64')]);
  });
});

test.describe('a file that cannot be read says why, and the others are answered', () => {
  for (const [what, text, code, known] of [
    ['bytes as text', 'partner/client.p12', 'ERR_VALUE_UNUSABLE', /not text.*\?encoding=base64/s],
    [
      'another name',
      'partner/server.p12?encoding=base64',
      'ERR_VAULT_NOT_FOUND',
      /"client\.pem", "client\.p12"/,
    ],
    ['another section', 'partner/Old/client.p12?encoding=base64', 'ERR_VAULT_NOT_FOUND', /no such file/],
    ['a field', 'partner/password?encoding=base64', 'ERR_VAULT_NOT_FOUND', /no such file/],
    ['an item without files', 'empty/client.p12?encoding=base64', 'ERR_VAULT_NOT_FOUND', /has no files/],
    ['no item', 'nobody/client.p12?encoding=base64', 'ERR_VAULT_NOT_FOUND', /has no item "nobody"/],
    ['two of a name', 'twins/a.p12?encoding=base64', 'ERR_VAULT_AMBIGUOUS', /2 files/],
    ['a large one', 'large/a.p12?encoding=base64', 'ERR_VALUE_UNUSABLE', /has 32769 bytes/],
  ] as const)
    test(what, async () => {
      const { automation, server } = bench;
      automation.addItem(login({ title: 'empty' }));
      const twins = ['a.p12', 'A.p12'].map((name) => fileField(name, 'x'));
      automation.addItem(login({ title: 'twins', sections: [section('Files', twins)] }));
      const large = [fileField('a.p12', Buffer.alloc(largestValueBytes + 1))];
      automation.addItem(login({ title: 'large', sections: [section('Files', large)] }));
      const good = 'op://automation/cluster/kube config.yaml?encoding=base64';
      server.resetCounts();
      const [error, other] = await answers(`op://automation/${text}`, good);
      expect(error).toMatchObject({ code, reference: `op://automation/${text}` });
      expect(String(error)).toMatch(known);
      expect(other).toBeInstanceOf(SecretValue);
      if (what === 'a large one') expect(server.count('file')).toBe(1);
    });

  test('removed from the server', async () => {
    bench.server.fault({ match: 'file', kind: 'status', status: 404, times: 1 });
    const texts = ['partner/client.p12', 'cluster/kube config.yaml'];
    const [error, other] = await answers(...texts.map((text) => `op://automation/${text}?encoding=base64`));
    expect(error).toMatchObject({
      code: 'ERR_VAULT_NOT_FOUND',
      reference: expect.stringContaining('client.p12'),
    });
    expect(other).toBeInstanceOf(SecretValue);
  });
});

test.describe('a failure of the server while a file is read', () => {
  for (const encoding of ['', '?encoding=base64'])
    for (const [what, fault, code] of [
      ['altered bytes', { kind: 'garble' }, 'ERR_VAULT_UNTRUSTED'],
      ['a refusal', { kind: 'status', status: 403 }, 'ERR_VAULT_DENIED'],
      ['a rate limit', { kind: 'status', status: 429 }, 'ERR_VAULT_RATE_LIMITED'],
      ['an outage', { kind: 'status', status: 500 }, 'ERR_VAULT_UNREACHABLE'],
      ['half an answer', { kind: 'truncate', bytes: 5 }, 'ERR_VAULT_UNREACHABLE'],
    ] as const)
      test(`${what}${encoding} has its own error, and no value`, async () => {
        bench.server.fault({ match: 'file', ...fault });
        const text = `op://automation/partner/client.pem${encoding}`;
        const [answer] = await answers(text).catch((error: unknown) => [error]);
        expect(answer).toMatchObject({ code });
        expect(String(answer)).not.toContain('Y2VydA');
      });

  test('an error that passes is tried again', async () => {
    bench.server.fault({ match: 'file', kind: 'status', status: 500, times: 1 });
    expect(await read('op://automation/partner/client.p12?encoding=base64')).toEqual([
      archive.toString('base64'),
    ]);
  });
});

async function answers(...texts: string[]): Promise<(SecretValue | AuthSessionsError | undefined)[]> {
  const found = await bench.vault.resolveAll(texts.map((text) => parseSecretReference(text)));
  return texts.map((text) => found.get(text));
}

async function read(...texts: string[]): Promise<string[]> {
  return (await answers(...texts)).map((answer) => {
    if (answer instanceof SecretValue) return answer.reveal();
    throw answer ?? new Error('no answer');
  });
}

function routes(): string[] {
  return bench.server.requests().map(({ route }) => route);
}
