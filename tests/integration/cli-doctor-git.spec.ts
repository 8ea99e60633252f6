import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test as base } from '@playwright/test';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { envelopeOf, runInProcess } from '../support/command-line.js';
import { createNestedProject, type NestedProject } from '../support/nested-run.js';

/** A repository whose folder `apps/shop` is the project. */
interface Monorepo extends Pick<NestedProject, 'folder' | 'write'> {
  readonly shop: string;
  git(...args: readonly string[]): Promise<unknown>;
  /** Of a check of doctor, which runs in the project's folder: everything that is not well, as `seen` and `next`. */
  bad(id: string): Promise<readonly (readonly [string, string | undefined])[]>;
  good(id: string): Promise<readonly string[]>;
}

const test = base.extend<{ monorepo: Monorepo; options: string }>({
  options: ['', { option: true }],
  monorepo: async ({ options }, use) => {
    const project = await createNestedProject({
      'apps/shop/package.json': '{ "type": "module" }',
      'apps/shop/playwright.config.ts': `
        import { defineConfig } from '@playwright/test';
        import { withAuthSessions } from '@auth';
        export default defineConfig(withAuthSessions('./auth-sessions.ts', { use: { baseURL: 'https://shop.example' } }));`,
      'apps/shop/auth-sessions.ts': `
        import { defineAuthFlow, defineAuthSessions } from '@auth';
        const flow = defineAuthFlow({ create: async () => undefined });
        const parameters = {
          username: 'op://automation/admin/username',
          password: 'op://automation/admin/password',
          otp: 'op://automation/admin/one-time password?attribute=otp',
        };
        export default defineAuthSessions({ ${options} sessions: { admin: { flow, parameters } } });`,
      'apps/shop/.env.auth-sessions': [
        "AUTOMATION__ADMIN__USERNAME='ada@shop.example'",
        `AUTOMATION__ADMIN__PASSWORD='${password}'`,
        `AUTOMATION__ADMIN__ONE_TIME_PASSWORD='otpauth://totp/shop:ada?secret=${seed}'`,
      ].join('\n'),
      'apps/shop/.gitignore': '.auth-sessions/\n.env.auth-sessions\nreports/output/\n',
      '.gitignore': 'node_modules\n',
    });
    const git = (...args: readonly string[]) =>
      promisify(execFile)('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: project.folder,
      });
    await git('init', '--quiet');
    const shop = path.join(project.folder, 'apps/shop');
    const findings = async (id: string) => {
      const run = await runInProcess(['doctor', '--json'], { folder: shop });
      for (const secret of [password, seed]) expect(run.stdout).not.toContain(secret);
      const { found } = { found: (envelopeOf(run).data as { findings: Finding[] }).findings };
      return found.filter((finding) => finding.id === id);
    };
    await use({
      ...project,
      shop,
      git,
      bad: async (id) =>
        (await findings(id)).filter(({ result }) => result !== 'ok').map(({ seen, next }) => [seen, next]),
      good: async (id) =>
        (await findings(id)).filter(({ result }) => result === 'ok').map(({ seen }) => seen),
    });
    await project.remove();
  },
});

test.describe.configure({ timeout: 300_000 });

const password = 'of-the-local-credentials';
const seed = 'JBSWY3DPEHPK3PXPJBSWY3DP';

test('searches the whole repository around a project folder', async ({ monorepo }) => {
  await monorepo.write({
    '.env.production': 'KEY=value\n',
    'apps/other/notes.md': `Sign in with ${password}.`,
    'apps/shop/with space/seed.txt': `otpauth://totp/shop?secret=${seed}&issuer=shop`,
    'README.md': 'Sign in as ada@shop.example, with the code of otpauth://totp/…',
  });
  await monorepo.git('add', '--all');
  const git = (file: string) => `run git rm --cached ${file}, and add the file to .gitignore.`;
  expect(await monorepo.bad('committed-secrets')).toEqual([
    [
      `git has a dotenv file with values in ${path.join('..', '..', '.env.production')}.`,
      expect.stringContaining(git(path.join('..', '..', '.env.production'))),
    ],
    [
      `git has the value of admin.password in ${path.join('..', 'other', 'notes.md')}.`,
      expect.stringContaining(git(path.join('..', 'other', 'notes.md'))),
    ],
    [
      `git has the value of admin.otp seed in ${path.join('with space', 'seed.txt')}.`,
      expect.stringContaining(git(`"${path.join('with space', 'seed.txt')}"`)),
    ],
  ]);
});

test('finds secrets in the index that are no longer in the folder', async ({ monorepo }) => {
  await monorepo.write({ 'removed.txt': password, 'changed.txt': password, 'clean.txt': 'nothing' });
  await monorepo.git('add', '--all');
  await monorepo.git('commit', '--quiet', '--message', 'all');
  await rm(path.join(monorepo.folder, 'removed.txt'));
  await monorepo.write({ 'changed.txt': 'nothing' });
  expect((await monorepo.bad('committed-secrets')).map(([seen]) => seen)).toEqual([
    `git has the value of admin.password in ${path.join('..', '..', 'changed.txt')}.`,
    `git has the value of admin.password in ${path.join('..', '..', 'removed.txt')}.`,
  ]);
  await monorepo.git('rm', '--quiet', '--cached', 'removed.txt');
  await monorepo.git('add', '--all');
  expect(await monorepo.good('committed-secrets')).toEqual([
    expect.stringMatching(/^git: no secrets in the \d+ files of /),
  ]);
});

test('finds secrets in files that Git neither tracks nor ignores', async ({ monorepo }) => {
  await monorepo.write({
    'apps/shop/state.json': '{"cookies":[{"name":"sid"}],"origins":[]}',
    'notes.md': `Sign in with ${password}.`,
    'ignored/notes.md': password,
    'empty.txt': '',
    '.gitignore': 'node_modules\nignored/\n',
  });
  const next = 'Delete the file, or add it to .gitignore.';
  expect(await monorepo.bad('committed-secrets')).toEqual([
    ['git does not ignore state.json, which has a storage state.', next],
    [
      `git does not ignore ${path.join('..', '..', 'notes.md')}, which has the value of admin.password.`,
      next,
    ],
  ]);
});

test('says how many untracked files it did not search', async ({ monorepo }) => {
  const packages = path.join(monorepo.folder, 'a/lot');
  await mkdir(packages, { recursive: true });
  await Promise.all(
    Array.from({ length: 10_001 }, (_, index) => writeFile(path.join(packages, String(index)), '')),
  );
  const [[seen, next] = []] = await monorepo.bad('committed-secrets');
  expect(seen).toMatch(/^\d+ files that git neither tracks nor ignores were not searched for secrets\.$/);
  expect(next).toBe('Add folders of packages and of output to .gitignore.');
});

test('leaves the local credentials file to the check of .gitignore', async ({ monorepo }) => {
  await monorepo.write({ 'apps/shop/.gitignore': '.auth-sessions/\nreports/output/\n' });
  expect(await monorepo.bad('committed-secrets')).toEqual([]);
  expect(await monorepo.bad('gitignore')).toEqual([
    ['git does not ignore .env.auth-sessions.', 'Add to .gitignore: .env.auth-sessions'],
  ]);
});

test('an existing store that Git does not ignore is a problem', async ({ monorepo }) => {
  await monorepo.write({ 'apps/shop/.gitignore': '.env.auth-sessions\nreports/output/\n' });
  await mkdir(path.join(monorepo.shop, '.auth-sessions'), { mode: 0o700 });
  expect(await monorepo.bad('gitignore')).toEqual([
    ['git does not ignore .auth-sessions.', 'Add to .gitignore: .auth-sessions/'],
  ]);
});

test('reports a repository that Git rejects, instead of taking it for none', async ({ monorepo }) => {
  await rm(path.join(monorepo.folder, '.git'), { recursive: true });
  await monorepo.write({ '.git': 'no repository that git knows' });
  expect(await monorepo.bad('gitignore')).toEqual([
    [`git could not be asked about ${monorepo.folder}.`, 'Run "git status" there, and follow its advice.'],
  ]);
});

test.describe('with a store and credentials outside the project', () => {
  test.use({
    options:
      "store: { folder: '../../sealed' }, local: { files: ['.env.auth-sessions', '../../shared.env'] },",
  });

  test('checks them too, with paths relative to the repository', async ({ monorepo }) => {
    await mkdir(path.join(monorepo.folder, 'sealed'), { mode: 0o700 });
    expect(await monorepo.bad('gitignore')).toEqual([
      ['git does not ignore ../../sealed.', "Add to the repository's .gitignore: /sealed/"],
      ['git does not ignore ../../shared.env.', "Add to the repository's .gitignore: /shared.env"],
    ]);
    await monorepo.write({ '.gitignore': 'node_modules\n/sealed/\n/shared.env\n' });
    expect(await monorepo.good('gitignore')).toEqual([
      'git: ignores the store, the local credentials and the reports',
    ]);
  });
});

test.describe('with a store outside the repository', () => {
  test.use({ options: "store: { folder: '../../../elsewhere' }," });

  test('does not ask Git about it', async ({ monorepo }) => {
    const elsewhere = path.join(monorepo.folder, '../elsewhere');
    try {
      expect(await monorepo.bad('gitignore')).toEqual([]);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });
});
