import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import type { JSONReport } from '@playwright/test/reporter';
import {
  browserUse,
  createNestedProject,
  resultsOf,
  type NestedProject,
  type NestedRun,
} from '../support/nested-run.js';

// An application made for these tests: pages that hang, frames that ask for the password, tokens in odd places.

test.describe.configure({ timeout: 300_000 });

/** Sessions by name, each with its own flow: source text. */
const flows = {
  untidy: `async create({ page }) {
    void page.waitForResponse('**/never');
    page.on('response', () => { throw new Error('a listener of the flow'); });
    await page.goto('/in?untidy');
  }`,
  hanging: "timeoutSeconds: 3, async create({ page }) { await page.goto('/in'); await page.goto('/hang'); }",
  quoting: `async create({ page }) { await page.goto('/in'); },
    async check({ page, context }) {
      await page.goto('/');
      const cookies = JSON.stringify(await context.cookies());
      const token = await page.evaluate(() => localStorage.token);
      throw new Error('not signed in with ' + cookies + token);
    }`,
  framed: `timeoutSeconds: 3, async create({ page }) {
    await page.goto('/frame');
    await page.frameLocator('iframe').getByLabel('Code').fill('123456');
    await page.getByText('never').waitFor();
  }`,
};

let server: Server;
let project: NestedProject;
let run: NestedRun;
const visits: string[] = [];

test.beforeAll(async () => {
  test.setTimeout(300_000);
  server = createServer((request, response) => {
    const { url = '' } = request;
    visits.push(url);
    response.setHeader('content-type', 'text/html');
    if (url.startsWith('/in')) {
      response.setHeader('set-cookie', 'sid=cookie-value-of-the-session; Path=/');
      response.end("<script>localStorage.token = 'storage-token-of-the-session'</script>");
    } else if (url === '/hang') response.end('<script>while (true) {}</script>');
    else if (url === '/frame')
      response.end('<h1>Welcome</h1><iframe src="/form" style="width:300px;height:200px"></iframe>');
    else
      response.end(
        '<style>input{width:250px;height:100px;background:#00ff00;border:0}</style><input aria-label="Code">',
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  project = await createProject(url);
  run = await project.run(['--reporter=list,json'], { env: { PLAYWRIGHT_JSON_OUTPUT_NAME: 'report.json' } });
});

test.afterAll(async () => {
  await project.remove();
  server.closeAllConnections();
  server.close();
});

async function createProject(url: string): Promise<NestedProject> {
  const files = Object.entries(flows).flatMap(([name, flow]) => [
    [
      `flows/${name}.ts`,
      `import { defineAuthFlow } from '@auth'; export default defineAuthFlow({ ${flow} });`,
    ],
    [
      `tests/${name}.spec.ts`,
      `import { expect, test } from '@auth';
      test.use({ authSession: '${name}' });
      for (const number of [1, 2]) test('is signed in ' + number, async ({ context }) => {
        expect((await context.cookies()).map(({ name }) => name)).toContain('sid');
      });`,
    ],
  ]);
  const sessions = Object.keys(flows).map(
    (name) => `${name}: { flow: './flows/${name}.ts', createAttempts: 1, checkAttempts: 1, parameters: {
        username: 'op://v/${name}/username', password: 'op://v/${name}/password' } },`,
  );
  const credentials = Object.keys(flows).map(
    (name) =>
      `V__${name.toUpperCase()}__USERNAME='somebody'\nV__${name.toUpperCase()}__PASSWORD='a password'\n`,
  );
  return createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', { testDir: './tests', workers: 2,
        use: { baseURL: '${url}', launchOptions: ${browserUse()} } }));`,
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      export default defineAuthSessions({ sessions: { ${sessions.join('\n')} } });`,
    '.env.auth-sessions': credentials.join(''),
    'tests/wrong.spec.ts': `import { test } from '@auth';
      for (const [index, wrong] of [['a', 123], ['b', ''], ['c', ['one']], ['d', { nam: 'one' }]])
        test.describe(index, () => { test.use({ authSession: wrong }); test('reports it', async ({ page }) => {}); });`,
    ...(Object.fromEntries(files) as Record<string, string>),
  });
}

const failed = (count: number) => ({ passed: 0, failed: count, skipped: 0 });

test('a rejected promise or a throwing listener left by a flow ends no run', () => {
  expect(resultsOf(run, 'untidy.spec.ts'), run.output).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(run.output).toContain('something that a flow started failed later');
  expect(visits.filter((url) => url === '/in?untidy')).toHaveLength(1);
});

test('a page that hangs runs out of time as any other', () => {
  expect(resultsOf(run, 'hanging.spec.ts')).toEqual(failed(2));
  expect(run.output).toContain('Session "hanging": its flow did not end within 3 s.');
  expect(run.output).toContain('[ERR_SIGN_IN_TIMEOUT]');
});

test('cookies and storage values quoted by a check are redacted in the output and the summary', async () => {
  const written = run.output + (await project.read('reports/output/auth-sessions.json'));
  expect(written).toContain('not signed in with');
  expect(written).not.toContain('cookie-value-of-the-session');
  expect(written).not.toContain('storage-token-of-the-session');
});

test('inputs in frames are masked in the screenshot of a failed sign-in', async ({ page }) => {
  const png = screenshotOf(JSON.parse(await project.read('report.json')) as JSONReport, 'framed.spec.ts');
  expect(png.length).toBeGreaterThan(1000);
  const greens = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), {
      width: image.width,
      height: image.height,
    });
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4)
      if (data[at] === 0 && data[at + 1] === 255 && data[at + 2] === 0) count += 1;
    return count;
  }, `data:image/png;base64,${png}`);
  expect(greens).toBe(0);
});

test('a value that is no session is reported as a mistake', () => {
  expect(resultsOf(run, 'wrong.spec.ts')).toEqual(failed(4));
  for (const what of ['of type number', 'an empty string', 'of type array', 'of type object'])
    expect(run.output).toContain(
      `authSession must be a session name, { name, parameters, isolated }, or null to start signed out. It is ${what}.`,
    );
});

/** The first picture that is attached to a test of the file: base64. */
function screenshotOf(report: JSONReport, file: string): string {
  const suite = report.suites.find((one) => one.file === file);
  const results = suite?.specs.flatMap(({ tests }) => tests.flatMap((one) => one.results)) ?? [];
  const pictures = results.flatMap(({ attachments }) =>
    attachments.filter(({ contentType }) => contentType === 'image/png'),
  );
  return pictures[0]?.body ?? '';
}
