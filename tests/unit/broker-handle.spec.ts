import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { askBroker } from '../../src/wire/ask-broker.js';
import { canBeAnother, nobody, whySkipped } from '../support/other-user.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

test.skip(!hasFileModes, 'this system has neither file modes nor user numbers');

const ask = (handleFile: string) => askBroker('/acquire', {} as never, { handleFile });

test('asks the broker that its handle names', async ({ folder }) => {
  const address = join(folder, 's');
  const server = createServer((request, response) => {
    response.end(JSON.stringify({ ok: request.headers.authorization }));
  }).listen(address);
  const handleFile = writeHandle(folder, { address, pass: 'of-the-run' });
  expect(await ask(handleFile)).toBe('Bearer of-the-run');
  server.close();
});

test('keeps its connection, and opens another one to a restarted broker', async ({ folder }) => {
  const address = join(folder, 's');
  let connections = 0;
  const start = async () => {
    const server = createServer((_, response) => void response.end(JSON.stringify({ ok: connections })));
    server.on('connection', () => (connections += 1)).listen(address);
    await once(server, 'listening');
    return server;
  };
  const handleFile = writeHandle(folder, { address, secret: 'x' });
  const first = await start();
  expect([await ask(handleFile), await ask(handleFile)]).toEqual([1, 1]);
  first.closeAllConnections();
  first.close();
  await once(first, 'close');
  const second = await start();
  expect([await ask(handleFile), await ask(handleFile)]).toEqual([2, 2]);
  second.closeAllConnections();
  second.close();
});

test('reports a config that is not wrapped where there is no handle', async () => {
  await expect(askBroker('/acquire', {} as never, { handleFile: undefined })).rejects.toMatchObject({
    code: 'ERR_CONFIG_NOT_WRAPPED',
    explanation: { failed: 'This run has no broker.' },
  });
});

test('asks no broker by a handle that others could have written', async ({ folder }) => {
  const handleFile = writeHandle(folder, { address: join(folder, 's'), pass: 'x' });
  for (const mode of [0o604, 0o620, 0o602]) {
    chmodSync(handleFile, mode);
    await expect(ask(handleFile)).rejects.toMatchObject({ code: 'ERR_BROKER_UNREACHABLE' });
  }
  symlinkSync(handleFile, join(folder, 'link'));
  execFileSync('mkfifo', ['-m', '600', join(folder, 'pipe')]);
  for (const name of ['link', 'pipe'])
    await expect(ask(join(folder, name))).rejects.toThrow(
      `The file with the broker's address, "${join(folder, name)}", cannot be used. It is not a regular file. ` +
        'Run the whole suite again with npx playwright test, with AUTH_SESSIONS_BROKER unset. [ERR_BROKER_UNREACHABLE]',
    );
});

test("asks no broker by another user's handle", async ({ folder }) => {
  test.skip(!canBeAnother, whySkipped);
  const handleFile = writeHandle(folder, { address: join(folder, 's'), pass: 'x' });
  chownSync(handleFile, nobody.uid, nobody.gid);
  await expect(ask(handleFile)).rejects.toThrow('It belongs to another user (uid 65534).');
});

function writeHandle(folder: string, handle: unknown): string {
  const file = join(folder, 'broker.json');
  writeFileSync(file, JSON.stringify(handle), { mode: 0o600 });
  return file;
}
