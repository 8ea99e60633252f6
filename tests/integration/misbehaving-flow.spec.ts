import { createServer, type Server } from 'node:http';
import { expect, test } from '@playwright/test';
import { browserUse, createNestedProject, type NestedProject } from '../support/nested-run.js';

// An application made for these tests: pages that hang, frames that ask for the password, tokens in odd places.

test.describe.configure({ timeout: 300_000 });

let server: Server;
let url: string;
let project: NestedProject;
let signIns: number;

test.beforeEach(async () => {
  signIns = 0;
  server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    if (request.url === '/in') {
      signIns += 1;
      response.setHeader('set-cookie', 'sid=cookie-value-of-the-session; Path=/');
      response.end("<script>localStorage.token = 'storage-token-of-the-session'</script>");
    } else if (request.url === '/hang') response.end('<script>while (true) {}</script>');
    else if (request.url === '/frame')
      response.end('<h1>Welcome</h1><iframe src="/form" style="width:300px;height:200px"></iframe>');
    else
      response.end(
        '<style>input{width:250px;height:100px;background:#00ff00;border:0}</style><input aria-label="Code">',
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});

test.afterEach(async () => {
  await project.remove();
  server.closeAllConnections();
  server.close();
});

async function projectWith(flow: string, options = ''): Promise<NestedProject> {
  return createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', { testDir: './tests', reporter: [['list']],
        use: { baseURL: '${url}', launchOptions: ${browserUse()} } }));`,
    'flow.ts': `import { defineAuthFlow } from '@auth'; export default defineAuthFlow({ ${flow} });`,
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      export default defineAuthSessions({ sessions: { one: { flow: './flow.ts', createAttempts: 1, checkAttempts: 1, ${options} parameters: {
        username: 'op://v/i/username', password: 'op://v/i/password' } } } });`,
    '.env.auth-sessions': "V__I__USERNAME='somebody'\nV__I__PASSWORD='a password'\n",
    'tests/one.spec.ts': `import { expect, test } from '@auth';
      test.use({ authSession: 'one' });
      for (const number of [1, 2]) test('is signed in ' + number, async ({ context }) => {
        expect((await context.cookies()).map(({ name }) => name)).toContain('sid');
      });`,
  });
}

test('a promise or a listener that a flow leaves behind ends nobody', async () => {
  project = await projectWith(`async create({ page }) {
    void page.waitForResponse('**/never');
    page.on('response', () => { throw new Error('a listener of the flow'); });
    await page.goto('/in');
  }`);
  const { output } = await project.run();
  expect(output).toContain('2 passed');
  expect(output).toContain('something that a flow started failed later');
  expect(signIns).toBe(1);
});

test('a page that hangs is out of time as any other', async () => {
  project = await projectWith(
    "timeoutSeconds: 3, async create({ page }) { await page.goto('/in'); await page.goto('/hang'); }",
  );
  const { output } = await project.run();
  expect(output).toContain('its flow did not end within 3 s.');
  expect(output).toContain('[ERR_SIGN_IN_TIMEOUT]');
});

test('a check that quotes cookies and storage values puts none of them in the output or the summary', async () => {
  project = await projectWith(`async create({ page }) { await page.goto('/in'); },
    async check({ page, context }) {
      await page.goto('/');
      const cookies = JSON.stringify(await context.cookies());
      const token = await page.evaluate(() => localStorage.token);
      throw new Error('not signed in with ' + cookies + token);
    }`);
  const { output } = await project.run();
  const told = output + (await project.read('reports/output/auth-sessions.json'));
  expect(told).toContain('not signed in with');
  expect(told).not.toContain('cookie-value-of-the-session');
  expect(told).not.toContain('storage-token-of-the-session');
});

test('inputs in frames are masked in the screenshot of a failed sign-in', async ({ page }) => {
  project = await projectWith(`timeoutSeconds: 3, async create({ page }) {
    await page.goto('/frame');
    await page.frameLocator('iframe').getByLabel('Code').fill('123456');
    await page.getByText('never').waitFor();
  }`);
  await project.run(['--reporter=json'], { env: { PLAYWRIGHT_JSON_OUTPUT_NAME: 'report.json' } });
  const report = await project.read('report.json');
  const png = /"contentType": "image\/png",\s*"body": "([^"]+)"/.exec(report)?.[1] ?? '';
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

test('a value that is no session is a mistake, told as one', async () => {
  project = await projectWith("async create({ page }) { await page.goto('/in'); }");
  await project.write({
    'tests/one.spec.ts': `import { test } from '@auth';
      for (const [index, wrong] of [['a', 123], ['b', ''], ['c', ['one']], ['d', { nam: 'one' }]])
        test.describe(index, () => { test.use({ authSession: wrong }); test('is told', async ({ page }) => {}); });`,
  });
  const { output } = await project.run();
  expect(output).toContain('4 failed');
  for (const what of ['of type number', 'an empty string', 'of type array', 'of type object'])
    expect(output).toContain(
      `authSession must be a session name, { name, parameters } with strings, or null to start signed out. It is ${what}.`,
    );
});
