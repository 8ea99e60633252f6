import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { unsignedWorkflows } from '../../src/cli/init/unsigned-workflows.js';
import { test } from '../support/store/temporary-folder.js';

const secrets = ['OP_SERVICE_ACCOUNT_TOKEN'];

function find(repository: string, files: Readonly<Record<string, string>>, inFolder = '.') {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, name)), { recursive: true });
    writeFileSync(join(repository, name), text);
  }
  return unsignedWorkflows({ repository, folder: join(repository, inFolder) }, secrets).map(
    (note) => note.split(' ', 1)[0],
  );
}

test('each step that runs tests without the secret is named, with file and line', ({ folder }) => {
  const text = ['jobs:', '  e2e:', '    steps:', '      - run: npx playwright test --shard=1/2', ''];
  const named = find(folder, {
    '.github/workflows/a.yml': text.join('\n'),
    '.github/workflows/b.yaml': text.join('\r\n'),
    '.github/workflows/c.yml': [...text, '        env: { OP_SERVICE_ACCOUNT_TOKEN: x }'].join('\n'),
    '.github/workflows/notes.md': text.join('\n'),
  });
  expect(named).toEqual(['.github/workflows/a.yml:4', '.github/workflows/b.yaml:4']);
  expect(unsignedWorkflows({ repository: folder, folder }, [...secrets, 'AUTH_SESSIONS_KEY'])[0]).toBe(
    '.github/workflows/a.yml:4 runs tests without OP_SERVICE_ACCOUNT_TOKEN and AUTH_SESSIONS_KEY. If they are the tests of this config, pass these secrets in the env of the step, or remove the step.',
  );
});

test('a script that runs them counts, also through another script, of the root too', ({ folder }) => {
  const steps = ['npm ci', 'npm test', 'pnpm -r run test:e2e && echo', 'npm run test:unit', 'yarn e2e'];
  const named = find(
    folder,
    {
      'package.json': JSON.stringify({ scripts: { test: 'npm run test:e2e', 'test:unit': 'vitest' } }),
      'apps/shop/package.json': JSON.stringify({
        scripts: { 'test:e2e': 'playwright test', e2e: 'yarn test:e2e', bad: 1 },
      }),
      '.github/workflows/a.yml': steps.map((step) => `- run: ${step}`).join('\n'),
    },
    'apps/shop',
  );
  expect(named).toEqual([2, 3, 5].map((line) => `.github/workflows/a.yml:${line}`));
});

test('comments, other commands and files that cannot be read are passed over', ({ folder }) => {
  mkdirSync(join(folder, '.github/workflows/folder.yml'), { recursive: true });
  const named = find(folder, {
    'package.json': '{ "scripts": ',
    '.github/workflows/a.yml':
      '# npx playwright test\n- run: npx playwright install # then playwright test\n',
  });
  expect(named).toEqual([]);
  expect(unsignedWorkflows({ repository: join(folder, 'none'), folder }, secrets)).toEqual([]);
});
