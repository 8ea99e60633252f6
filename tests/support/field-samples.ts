import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { listFiles } from '../../src/artifacts/list-files.js';
import { dataOffset, locateDirectory, parseDirectory } from '../../src/artifacts/zip-directory.js';
import { createCanaries } from './leaks/canaries.js';
import { createCanarySite } from './leaks/canary-site.js';
import { browserUse, createNestedProject } from './nested-run.js';

/** What one run of this Playwright hands to the three redactions, as it is, without this package in between. */
export interface FieldSamples {
  readonly messages: readonly {
    readonly method: string;
    readonly params: { method?: string; params?: unknown };
  }[];
  /** Objects of reporters, by the event that gave them; each object once. */
  readonly results: readonly { readonly kind: string; readonly value: unknown }[];
  readonly traceLines: readonly Readonly<Record<string, unknown>>[];
}

export async function collectFieldSamples(): Promise<FieldSamples> {
  const site = await createCanarySite(createCanaries());
  const project = await createNestedProject({
    'playwright.config.ts': config(),
    'collect-results.ts': collectResults,
    'collect-messages.ts': collectMessages,
    'one.spec.ts': spec,
    'site.spec.ts': siteSpec(site.url),
  });
  try {
    await project.run();
    const lines = async (name: string) =>
      (await project.read(name))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown);
    const traces = listFiles(path.join(project.folder, 'test-results')).filter((file) =>
      file.endsWith('trace.zip'),
    );
    const traceLines = await Promise.all(traces.map(async (file) => linesOfTrace(await readFile(file))));
    return {
      messages: (await lines('messages.jsonl')) as FieldSamples['messages'],
      results: (await lines('results.jsonl')) as FieldSamples['results'],
      traceLines: traceLines.flat(),
    };
  } finally {
    await project.remove();
    await site.close();
  }
}

function linesOfTrace(zip: Buffer): Record<string, unknown>[] {
  const directory = locateDirectory(zip, 0);
  const headers = zip.subarray(directory.start, directory.start + directory.size);
  return parseDirectory(headers, directory)
    .filter(({ name }) => /\.(?:trace|network)$/.test(name))
    .flatMap((member) => {
      const start = dataOffset(member, zip.subarray(member.offset));
      const packed = zip.subarray(start, start + member.compressedSize);
      const text = (member.method === 0 ? packed : inflateRawSync(packed)).toString();
      return text.split('\n').filter(Boolean);
    })
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const config = () => `
  import { defineConfig } from '@playwright/test';
  export default defineConfig({
    retries: 1, workers: 1, timeout: 15000, metadata: { note: 'a note' }, tag: '@all',
    reporter: [['./collect-results.ts']],
    webServer: { command: 'node -e "console.log(1);setInterval(()=>0,1e3)"', wait: { stdout: /1/ } },
    projects: [{ name: 'one', metadata: { of: 'project' } }],
    use: { trace: 'on', screenshot: 'on', launchOptions: ${browserUse()} },
  });`;

const collectMessages = `
  import { appendFileSync } from 'node:fs';
  const send = process.send?.bind(process);
  if (send && process.env.TEST_WORKER_INDEX !== undefined)
    process.send = (message, ...rest) => {
      appendFileSync('messages.jsonl', JSON.stringify(message) + '\\n');
      return send(message, ...rest);
    };`;

const collectResults = `
  import { appendFileSync } from 'node:fs';
  const tell = (kind, value) => {
    const seen = new Set();
    const text = JSON.stringify(value, (_key, one) => {
      if (typeof one !== 'object' || one === null) return one;
      if (seen.has(one)) return undefined;
      seen.add(one);
      return one;
    });
    if (text !== undefined) appendFileSync('results.jsonl', '{"kind":"' + kind + '","value":' + text + '}\\n');
  };
  export default class {
    onBegin(config, suite) { tell('config', config); this.suite = suite; }
    onStepEnd(_test, _result, step) { tell('step', step); }
    onTestEnd(test, result) { tell('result', result); }
    onError(error) { tell('error', error); }
    onEnd(result) { tell('suite', this.suite); }
  }`;

const spec = `
  import './collect-messages';
  import { expect, test } from '@playwright/test';
  test.describe('a group', { annotation: { type: 'issue', description: 'some' }, tag: '@group' }, () => {
    test('passes in the end', async ({ page, context }, testInfo) => {
      testInfo.annotations.push({ type: 'own', description: 'pushed' });
      await page.route('https://page.test/**', (route) =>
        route.fulfill({ body: '<title>t</title><input><a href=#>a link</a><script>console.log("said", { path: 1 })</script>', contentType: 'text/html' }));
      await page.goto('https://page.test/');
      await page.getByRole('textbox').fill('words');
      await page.evaluate((value) => value.path, { path: 'a path', id: 1 });
      await context.request.post('https://page.test/', { data: { a: 1 } }).catch(() => undefined);
      page.on('dialog', (dialog) => void dialog.accept('words'));
      await page.evaluate(() => { alert('hello'); setTimeout(() => { throw new Error('of the page'); }); });
      await context.addCookies([{ name: 'a', value: 'b', url: 'https://page.test' }]);
      await page.setInputFiles('input', []).catch(() => undefined);
      await test.step('a step', async (step) => { await step.attach('of a step', { body: 'text' }); }, { box: true });
      await testInfo.attach('bytes', { body: Buffer.from([1, 2]), contentType: 'image/png' });
      process.stdout.write(Buffer.from([0xff, 0xfe]));
      console.error('on standard error');
      expect.soft([1, 2]).toEqual([1, 3]);
      await expect(page.getByRole('link')).toHaveText('another', { timeout: 300 });
    });
    test('throws what is no error', () => { throw { path: 'of a user' }; });
    test('throws with a cause', () => { throw new Error('one', { cause: new Error('two') }); });
    test.skip('is skipped', () => undefined);
  });
  test.afterAll(() => { throw new Error('in a hook'); });`;

/** What only a real server has: a service worker that asks it, and sockets. */
const siteSpec = (url: string) => `
  import './collect-messages';
  import { test } from '@playwright/test';
  test('asks through a service worker and a socket', async ({ page }) => {
    await page.goto('${url}/worker');
    await page.getByText('ready').waitFor();
    await page.evaluate(() => navigator.serviceWorker.controller.postMessage('a text'));
    await page.getByText('answered').waitFor();
    await page.evaluate(async () => {
      const socket = new WebSocket(location.origin.replace('http', 'ws') + '/socket');
      await new Promise((resolve) => (socket.onopen = resolve));
      const answer = new Promise((resolve) => (socket.onmessage = resolve));
      socket.send('a frame');
      await answer;
      socket.close();
    });
    await test.step('a step', () => undefined, { subtitle: 'of a kind', params: { of: 'a user' } });
  });`;
