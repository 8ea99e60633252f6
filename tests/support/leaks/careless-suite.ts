/**
 * A suite that does with its secrets everything that it should not. `./identity.js` gives `test`, `expect` and the
 * fixture `identity`: with this package, or without it.
 */
export const carelessSuite = `
import { writeFileSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test, kinds } from './identity.js';

test.beforeAll(async ({ identity, playwright, baseURL }) => {
  const { username, password } = await identity('quotes');
  const request = await playwright.request.newContext({ baseURL });
  await request.post('/sign-in', { form: { username, password } });
  console.log('before all', password);
  await request.dispose();
});

for (const kind of kinds)
  test(\`types \${kind} and fails\`, async ({ page, identity }) => {
    // A worker ends with a failure that is not expected: the first test prints those of all kinds.
    if (kind !== kinds[0]) test.fail();
    await page.goto('/sign-in');
    for (const other of kind === kinds[0] ? kinds.slice(1) : []) {
      await page.getByLabel('Password').fill((await identity(other)).password);
      await expect.soft(page.getByLabel('Password')).toHaveValue('something else', { timeout: 200 });
    }
    const { username, password, code } = await identity(kind);
    await page.getByLabel('Email').fill(username);
    await page.getByLabel('Password').fill(password);
    if (kind === 'quotes') {
      const digits = await code();
      await test.step(\`the code is \${digits}\`, () => page.getByLabel('Code').pressSequentially(digits));
    }
    await expect(page.getByLabel('Password')).toHaveValue('something else', { timeout: 200 });
  });

test('signs in, and asks for what the browser has', async ({ page, context, identity }, testInfo) => {
  const { username, password, code } = await identity('quotes');
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Code').fill(await code());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Signed in').waitFor();
  await context.credentials.get();
  const state = await context.storageState({ indexedDB: true });
  console.log(await context.cookies(), state);
  await testInfo.attach('state', { body: JSON.stringify(state), contentType: 'application/json' });
  expect(await page.evaluate(() => localStorage.getItem('auth'))).toBe('nothing');
});

test('prints and throws', async ({ identity }, testInfo) => {
  for (const kind of kinds) {
    const { password } = await identity(kind);
    console.log(password);
    console.error(JSON.stringify({ password }));
    process.stdout.write(Buffer.from(password + '\\n'));
    writeSync(1, 'past Playwright: ' + password + '\\n');
    testInfo.annotations.push({ type: 'password', description: password });
    expect.soft(password, 'the password ' + password).toBe('something else');
    expect.soft({ password, list: [password] }).toEqual({});
  }
  const { password, code } = await identity('words');
  throw new Error('all is lost: ' + password, { cause: new Error('since ' + password + ' ' + (await code())) });
});

test('attaches', async ({ identity }, testInfo) => {
  for (const kind of kinds) {
    const { username, password } = await identity(kind);
    const json = JSON.stringify({ username, password });
    await testInfo.attach('text', { body: 'the password is ' + password });
    await testInfo.attach('json', { body: JSON.stringify(json), contentType: 'application/json' });
    await testInfo.attach('base64', { body: 'Basic ' + Buffer.from(username + ':' + password).toString('base64') });
    await testInfo.attach('uri', { body: encodeURIComponent(json) + ' ' + new URLSearchParams({ password }) });
    await testInfo.attach('utf16', { body: Buffer.from(password, 'utf16le'), contentType: 'application/octet-stream' });
    await testInfo.attach('hex', { body: Buffer.from(password).toString('hex') });
    const file = testInfo.outputPath(kind + '.json.gz');
    writeFileSync(file, gzipSync(json));
    await testInfo.attach('gzip', { path: file });
  }
});

test('calls', async ({ request, identity, page }) => {
  for (const kind of kinds) {
    const { username, password } = await identity(kind);
    const authorization = 'Basic ' + Buffer.from(username + ':' + password).toString('base64');
    await request.post('/api/echo', { data: { username, password }, headers: { authorization } });
    await request.post('/api/echo', { form: { username, password } });
    await page.goto('/echo?text=' + encodeURIComponent(password));
    await page.evaluate((text) => localStorage.setItem('password', text), password);
    await page.setExtraHTTPHeaders({ 'x-password': encodeURIComponent(password) });
  }
});

test('records', async ({ browser, baseURL, identity }, testInfo) => {
  const { username, password } = await identity('markup');
  for (const name of ['network.har', 'network.zip']) {
    const context = await browser.newContext({ baseURL, recordHar: { path: testInfo.outputPath(name) } });
    const page = await context.newPage();
    await page.goto('/sign-in');
    await page.getByLabel('Email').fill(username);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Signed in').waitFor();
    await context.close();
  }
  const context = await browser.newContext({ baseURL });
  await context.tracing.startHar(testInfo.outputPath('tracing.har'));
  await context.request.post('/sign-in', { form: { username, password } });
  await context.tracing.stopHar();
  await context.close();
});

test('lets an exception go', async ({ identity }) => {
  const { password } = await identity('percent');
  setTimeout(() => { throw new Error('uncaught ' + password); }, 10);
  await new Promise((resolve) => setTimeout(resolve, 200));
});
`;

/** A little of everything, in two files: types, prints, attaches and fails. */
export const smallSuite = `
import { expect, test } from './identity.js';
for (const kind of ['quotes', 'markup'])
  test('types ' + kind + ' and fails', async ({ page, context, identity }, testInfo) => {
    const { username, password, code } = await identity(kind);
    await page.goto('/sign-in');
    await page.getByLabel('Email').fill(username);
    await page.getByLabel('Password').fill(password);
    await page.getByLabel('Code').fill(await code());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Signed in').waitFor();
    await page.goto('/echo?text=' + encodeURIComponent(password));
    console.log(password, await context.cookies());
    await testInfo.attach('state', { body: JSON.stringify(await context.storageState()) });
    expect(password).toBe('something else');
  });
`;

/** Waits with its secrets in hand until somebody ends the run. */
export const interruptedSuite = `
import { test } from './identity.js';
test('waits', async ({ page, identity, context }, testInfo) => {
  const { username, password, code } = await identity('quotes');
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Code').fill(await code());
  await testInfo.attach('password', { body: password });
  await page.goto('/echo?text=' + encodeURIComponent(password));
  await context.storageState();
  console.log('ready ' + password);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
`;

/** Passes, and writes a file to the folder of the reports. */
export const selfWrittenSuite = `
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from './identity.js';
test('takes notes', async ({ identity }) => {
  mkdirSync('reports/output', { recursive: true });
  writeFileSync('reports/output/notes.json', JSON.stringify(JSON.stringify(await identity('words'))));
});
`;

/** Leaves secrets where neither its tests' folders nor reporters are; `WEB_SERVER` logs what it is asked. */
export const elsewhereSuite = `
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from './identity.js';

test('records bodies beside its HAR files', async ({ browser, baseURL, identity }) => {
  const { username, password } = await identity('markup');
  const recordHar = { path: 'reports/output/har/own.har', content: 'attach' };
  const context = await browser.newContext({ baseURL, recordHar });
  const page = await context.newPage();
  await page.routeFromHAR('reports/output/har/updated.har', { update: true, updateContent: 'attach' });
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.goto('/echo?text=' + encodeURIComponent(password));
  await context.close();
});

test('asks a web server that logs', async ({ identity }) => {
  const { password } = await identity('long');
  await fetch(process.env.WEB_SERVER + '/' + password);
});

test('attaches its source through a link', async ({ identity }, testInfo) => {
  const { password } = await identity('quotes');
  mkdirSync('source');
  writeFileSync('source/settings.json', JSON.stringify({ password }));
  symlinkSync(path.resolve('source/settings.json'), testInfo.outputPath('link.json'));
  testInfo.attachments.push({ name: 'link', path: testInfo.outputPath('link.json'), contentType: 'application/json' });
});

test('has a snapshot written', async ({ identity }) => {
  const { password } = await identity('words');
  expect(password).toMatchSnapshot('words.txt');
});

test('dies', async ({ identity }, testInfo) => {
  const { password } = await identity('percent');
  writeFileSync(testInfo.outputPath('notes.txt'), password);
  process.kill(process.pid, 'SIGKILL');
});
`;

/** Prints its address, and every request. */
export const loggingServer = `import { createServer } from 'node:http';
const server = createServer((request, response) => {
  console.log('asked for ' + request.url);
  const middle = Math.floor(request.url.length / 2);
  process.stdout.write('in two writes ' + request.url.slice(0, middle));
  setTimeout(() => {
    process.stdout.write(request.url.slice(middle) + '\\n');
    response.end();
  }, 20);
});
server.listen(0, '127.0.0.1', () => console.log('WEB_SERVER=http://127.0.0.1:' + server.address().port));
`;
