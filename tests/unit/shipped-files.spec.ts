import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from '@playwright/test';
import { reporterPackages } from '../../reports/reporter-packages.js';
import { checkLeaks } from '../../src/artifacts/check-leaks.js';
import { redactFile } from '../../src/artifacts/redact-file.js';
import { createShippedFiles, type ByteRange } from '../../src/artifacts/shipped-files.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
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
  const shippedIn = createShippedFiles(reporterPackages(config));
  expect(await checkLeaks({ ...options, shippedIn })).toMatchObject({ removed: [], repaired: [] });

  const changed = path.join(report, 'trace/index.html');
  await appendFile(changed, '<!-- operator -->');
  expect((await checkLeaks({ ...options, shippedIn })).removed).toEqual([{ from: changed, to: undefined }]);
  expect((await checkLeaks(options)).removed.length, 'the word is in the viewer').toBeGreaterThan(0);
});

test('a page with the program and the styles of its package inlined keeps both, and is redacted around them', async ({
  folder,
}) => {
  const shipped = path.join(folder, 'package');
  const report = path.join(folder, 'report');
  await Promise.all([mkdir(shipped), mkdir(report)]);
  const [program, styles] = ['const operator = 1;\n', '.operator { color: red }\n'].map((one) =>
    one.repeat(40),
  );
  await writeFile(path.join(shipped, 'report.js'), program!);
  await writeFile(path.join(shipped, 'report.css'), styles!);
  const page = (shown: string) =>
    `<h1>${shown}</h1><script>${program}</script><style>${styles}</style><p>${shown}</p>`;
  const file = path.join(report, 'index.html');
  await writeFile(file, page('operator'));
  const redactor = createRedactor();
  redactor.add(new SecretValue('operator', 'admin.username'));
  redactor.add(new SecretValue('482915', 'admin.code'));
  const options = { roots: [report], redactor, onLeak: 'delete', quarantineFolder: folder } as const;
  const shippedIn = createShippedFiles([shipped]);
  const repair = (one: string, _: unknown, keep: readonly ByteRange[]) =>
    Promise.resolve(redactFile(one, redactor, { keep }));
  const { findings, repaired } = await checkLeaks({ ...options, shippedIn, repair });
  expect([findings, repaired]).toEqual([[], [file]]);
  expect(await readFile(file, 'utf8')).toBe(page('[redacted:admin.username]'));
  expect(await checkLeaks({ ...options, shippedIn })).toEqual({
    findings: [],
    repaired: [],
    removed: [],
    failures: [],
  });
  await writeFile(file, page('operator'));
  expect((await checkLeaks({ ...options, shippedIn })).findings).toMatchObject([{ kind: 'leak', count: 2 }]);

  await writeFile(path.join(report, '482915.html'), `<script>${program}</script>`);
  expect((await checkLeaks({ ...options, shippedIn })).findings, 'a name is searched, too').toMatchObject([
    { kind: 'leak', encoding: 'plain in the name' },
  ]);
  await writeFile(path.join(report, '482915.html'), `<script>${program}</script>`);
  const later = createShippedFiles([shipped], 0);
  expect(await later(path.join(report, '482915.html')), 'what a test has put into the package').toEqual([]);
  expect(await shippedIn(path.join(shipped, 'report.js')), 'a file is no copy of itself').toEqual([]);
});

test('the package of a reporter is known by its path', () => {
  const reporter = [['/p/node_modules/@acme/report/dist/index.js'], ['/p/reports/own.ts'], ['list']];
  const folders = reporterPackages({ reporter } as unknown as Parameters<typeof reporterPackages>[0]);
  expect(folders).toContain('/p/node_modules/@acme/report');
  expect(folders).toHaveLength(2);
});
