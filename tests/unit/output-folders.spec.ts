import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { FullConfig } from '@playwright/test/reporter';
import { outputFolders } from '../../reports/output-folders.js';

const folder = path.resolve('/suite');
const inSuite = (...names: string[]) => names.map((name) => path.join(folder, name));

function find(reporter: FullConfig['reporter'], { env = {}, also = [] as string[] } = {}) {
  const projects = [{ outputDir: path.join(folder, 'results') }] as FullConfig['projects'];
  return outputFolders({ config: { projects, reporter }, folder, startedIn: folder, env, also }).all;
}

test('the leak check searches where Playwright and its reporters write', () => {
  const found = find([
    ['html', { outputFolder: 'report' }],
    ['json', { outputFile: 'report.json' }],
    ['blob', { outputDir: 'blobs' }],
    ['allure-playwright', { resultsDir: 'allure' }],
    ['list', null],
  ] as FullConfig['reporter']);
  expect(found).toEqual(inSuite('results', 'report', 'report.json', 'blobs', 'allure'));
});

test('a reporter without a folder writes to its default', () => {
  expect(
    find([
      ['html', null],
      ['blob', null],
      ['perfetto', null],
    ] as unknown as FullConfig['reporter']),
  ).toEqual(inSuite('results', 'playwright-report', 'blob-report', 'test-results/perfetto.json'));
});

test('a reporter of a config beside no manifest writes where it takes its folder to be', () => {
  const found = outputFolders({
    config: {
      projects: [],
      reporter: [
        ['html', null],
        ['json', { outputFile: 'report.json' }],
        ['allure-playwright', { resultsDir: 'allure' }],
      ] as unknown as FullConfig['reporter'],
    },
    folder: import.meta.dirname,
    startedIn: folder,
    env: { PLAYWRIGHT_BLOB_OUTPUT_DIR: 'blobs', PLAYWRIGHT_JUNIT_OUTPUT_NAME: 'junit.xml' },
    also: [],
  });
  expect(found.all).toEqual([
    path.resolve(import.meta.dirname, '../../playwright-report'),
    path.join(import.meta.dirname, 'report.json'),
    ...inSuite('allure', 'blobs'),
    path.join(import.meta.dirname, 'junit.xml'),
  ]);
});

test('the environment can say where, and the project what else', () => {
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: 'env.json', PLAYWRIGHT_BROWSERS_PATH: 'browsers' };
  expect(find([], { env, also: ['hars'] })).toEqual(inSuite('results', 'hars', 'env.json'));
});

test('a folder in another one is searched once', () => {
  expect(find([], { also: ['.', 'results/deeper'] })).toEqual([folder]);
});

test("reporters' folders are separate from what tests write to", () => {
  const projects = [{ outputDir: path.join(folder, 'results') }] as FullConfig['projects'];
  const reporter = [['html', { outputFolder: 'results/report' }]] as FullConfig['reporter'];
  expect(outputFolders({ config: { projects, reporter }, folder, env: {}, also: [] })).toEqual({
    all: inSuite('results'),
    ofReporters: [path.join(folder, 'results', 'report')],
  });
});
