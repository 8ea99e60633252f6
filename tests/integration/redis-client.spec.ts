import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { envelopeOf, runInProcess } from '../support/command-line.js';
import { createConsultationsSite } from '../support/consultations/index.js';
import { withRedisServer } from '../support/redis/redis-fixtures.js';
import { requireRedisServer } from '../support/redis/redis-server.js';
import { createSignedInProject, quickAccounts } from '../support/signed-in-project.js';

const { admin } = quickAccounts;
const password = 'only-in-the-variable-4Tz';

test('a project with its own client of Redis stores its sessions there, and gets the password from the variable', async () => {
  requireRedisServer();
  await withRedisServer(['--requirepass', password], async ({ url }) => {
    const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
    const project = await createSignedInProject({
      siteUrl: site.url,
      tests: {},
      options: `store: {
        async client({ url }) {
          const { createClient } = await import('@redis/client');
          return createClient({ password: url, socket: { path: ${JSON.stringify(url.slice('unix://'.length))} } });
        },
      },`,
    });
    try {
      const run = (...args: string[]) =>
        runInProcess([...args, '--json'], {
          folder: project.folder,
          env: { AUTH_SESSIONS_STORE_URL: password },
        });
      for (const outcome of ['created', 'restored']) {
        const created = await run('create', 'admin');
        expect(envelopeOf(created)).toMatchObject({ ok: true, data: { sessions: [{ outcome }] } });
        expect(created.stdout + created.stderr).not.toContain(password);
      }
      expect(site.signIns(admin.email)).toBe(1);
      expect(envelopeOf(await run('list')).data).toMatchObject({ store: 'Redis' });
      expect(existsSync(path.join(project.folder, '.auth-sessions'))).toBe(false);
    } finally {
      await project.remove();
      await site.close();
    }
  });
});
