import { expect, test } from '@playwright/test';
import type { FullConfig, Suite, TestCase, TestResult, TestStep } from '@playwright/test/reporter';
import { createResultsRedactor } from '../../reports/redact-results.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';

const redactor = createRedactor();
redactor.add(new SecretValue('correct horse', 'admin.password'));
const results = createResultsRedactor(redactor);
const marker = '[redacted:admin.password]';

test('a step and the way to it lose known values', () => {
  const step = {
    title: 'types correct horse',
    params: { value: 'correct horse' },
    titlePath: () => [] as string[],
  };
  step.titlePath = () => ['test', 'types correct horse'];
  results.step(step as unknown as TestStep);
  expect(step).toMatchObject({ title: `types ${marker}`, params: { value: marker } });
  expect(step.titlePath().join(' ')).not.toContain('correct horse');
});

test('a result loses known values in errors, output, annotations and attached bytes', () => {
  const result = {
    errors: [{ message: 'correct horse', cause: { message: 'correct horse' } }],
    error: { message: 'correct horse' },
    stdout: ['correct horse', Buffer.from('correct horse')],
    stderr: [],
    annotations: [{ type: 'note', description: 'correct horse' }],
    attachments: [{ name: 'note', contentType: 'text/plain', body: Buffer.from('correct horse') }],
    steps: [],
  };
  const own = { title: 'correct horse', annotations: [] };
  results.test(own as unknown as TestCase, result as unknown as TestResult);
  expect(JSON.stringify([own, result])).not.toContain('correct horse');
  expect(result.stdout.map(String)).toEqual([marker, marker]);
  expect(result.attachments[0]?.body.toString()).toBe(marker);
  expect(own.title).toBe(marker);
});

test('a suite is redacted with everything below it', () => {
  const result = {
    errors: [{ message: 'correct horse' }],
    stdout: [],
    stderr: [],
    steps: [],
    annotations: [],
  };
  const tests = [{ title: 'one', annotations: [], results: [{ ...result, attachments: [] }] }];
  const suite = { title: '', tests: [], suites: [{ title: 'correct horse', tests, suites: [] }] };
  results.suite(suite as unknown as Suite);
  expect(JSON.stringify(suite)).not.toContain('correct horse');
});

test("the config's metadata, arguments and servers lose known values, and keep their commands", () => {
  const config = {
    metadata: { note: 'correct horse' },
    argv: ['--grep', 'correct horse'],
    webServer: { command: 'npm start', env: { PASSWORD: 'correct horse' } },
    projects: [{ metadata: { note: 'correct horse' } }],
  };
  results.config(config as unknown as FullConfig);
  expect(JSON.stringify(config)).not.toContain('correct horse');
  expect(config.webServer.command).toBe('npm start');
});

test("metadata and parameters of a step have no exempt keys; a step's own place stays", () => {
  const config = { metadata: { path: 'correct horse', id: { cwd: 'correct horse' } }, projects: [] };
  results.config(config as unknown as FullConfig);
  expect(config.metadata).toEqual({ path: marker, id: { cwd: marker } });
  const step = {
    title: 'one',
    params: { file: 'correct horse' },
    location: { file: 'correct horse' },
    titlePath: () => ['one'],
  };
  results.step(step as unknown as TestStep);
  expect(step).toMatchObject({ params: { file: marker }, location: { file: 'correct horse' } });
});
