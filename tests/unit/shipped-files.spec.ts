import { appendFile, cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from '@playwright/test';
import { reporterPackages } from '../../reports/reporter-packages.js';
import { checkLeaks } from '../../src/artifacts/check-leaks.js';
import { createShippedFiles } from '../../src/artifacts/shipped-files.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { test } from '../support/store/temporary-folder.js';

const config = { reporter: [['html', undefined]] } as unknown as Parameters<typeof reporterPackages>[0];
const core = createRequire(createRequire(import.meta.url).resolve('playwright/package.json'));
const viewer = path.join(path.dirname(core.resolve('playwright-core/package.json')), 'lib/vite/traceViewer');

test('a word of the viewer that a report brings along is no leak, and the viewer stays as it is', async ({
  folder,
}) => {
  const report = path.join(folder, 'report');
  await mkdir(report, { recursive: true });
  await cp(viewer, path.join(report, 'trace'), { recursive: true });
  const redactor = createRedactor();
  redactor.add(new SecretValue('operator', 'admin.username'));
  const options = {
    roots: [report],
    redactor,
    onLeak: 'delete',
    quarantineFolder: path.join(folder, 'quarantine'),
  } as const;
  const isShipped = createShippedFiles(reporterPackages(config));
  expect(await checkLeaks({ ...options, isShipped })).toMatchObject({ removed: [], repaired: [] });

  const changed = path.join(report, 'trace/index.html');
  await appendFile(changed, '<!-- operator -->');
  expect((await checkLeaks({ ...options, isShipped })).removed).toEqual([{ from: changed, to: undefined }]);
  expect((await checkLeaks(options)).removed.length, 'the word is in the viewer').toBeGreaterThan(0);
});

test('the package of a reporter is known by its path', () => {
  const reporter = [['/p/node_modules/@acme/report/dist/index.js'], ['/p/reports/own.ts'], ['list']];
  const folders = reporterPackages({ reporter } as unknown as Parameters<typeof reporterPackages>[0]);
  expect(folders).toContain('/p/node_modules/@acme/report');
  expect(folders).toHaveLength(2);
});
