/** Further ways out of a run, each with its secrets on it. `./identity.js` is that of the careless suite. */
export const waysOutSuite = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { expect, test } from './identity.js';

test('names its steps', async ({ identity }) => {
  const { username, password, key } = await identity('quotes');
  const params = { password, list: [{ [password]: username }], key };
  await test.step('takes', async () => {}, { subtitle: 'with ' + password, params });
  await test.step.skip('leaves', async () => {}, { subtitle: 'without ' + username, params: { password } });
});

test('talks through sockets', async ({ page, context, identity }, testInfo) => {
  const { password } = await identity('quotes');
  await context.tracing.startHar(testInfo.outputPath('sockets.har'), { content: 'embed' });
  page.on('websocket', (socket) => {
    console.log('opened', socket.url());
    socket.on('framesent', ({ payload }) => console.log('sent', payload));
    socket.on('framereceived', ({ payload }) => console.log('received', payload));
  });
  await page.goto('/echo?text=sockets');
  await page.evaluate(talk, password);
  await context.tracing.stopHar();
  const attached = { content: 'attach', resourcesDir: testInfo.outputPath('bodies') };
  await context.tracing.startHar(testInfo.outputPath('attached.har'), attached);
  await page.evaluate(talk, password);
  await context.tracing.stopHar();
  await page.routeWebSocket('wss://nowhere.test/**', (socket) => socket.onMessage((text) => socket.send(text)));
  await page.evaluate(
    (text) => new Promise((resolve) => {
      const socket = new WebSocket('wss://nowhere.test/' + encodeURIComponent(text));
      socket.onopen = () => socket.send(text);
      socket.onmessage = resolve;
    }),
    password,
  );
  expect.soft(page.url()).toBe('wss://user:' + encodeURIComponent(password) + '@nowhere.test/');
});

async function talk(text) {
  const address = location.origin.replace('http', 'ws') + '/socket?token=' + encodeURIComponent(text);
  const socket = new WebSocket(address);
  await new Promise((resolve) => (socket.onopen = resolve));
  for (const frame of [JSON.stringify({ password: text }), new TextEncoder().encode(text)]) {
    const answer = new Promise((resolve) => (socket.onmessage = resolve));
    socket.send(frame);
    await answer;
  }
  socket.close();
}

test('asks through a service worker', async ({ page, context, identity }, testInfo) => {
  const { password } = await identity('percent');
  await context.tracing.startHar(testInfo.outputPath('worker.har'));
  await page.goto('/worker');
  await page.getByText('ready').waitFor();
  await page.evaluate((text) => navigator.serviceWorker.controller.postMessage(text), password);
  await page.getByText('answered').waitFor();
  await context.tracing.stopHar();
});

test('loads bytes', async ({ page, context, identity }, testInfo) => {
  const { password } = await identity('words');
  await context.tracing.startHar(testInfo.outputPath('bytes.har'), { content: 'embed' });
  await page.goto('/echo?text=bytes');
  const address = '/bytes?text=' + encodeURIComponent(password);
  await page.evaluate((address) => fetch(address).then((answer) => answer.arrayBuffer()), address);
  await context.tracing.stopHar();
});

test('downloads', async ({ page, identity }, testInfo) => {
  const { password } = await identity('markup');
  await page.goto('/echo?text=download');
  const begun = page.waitForEvent('download');
  await page.evaluate((text) => { location.href = '/download?text=' + encodeURIComponent(text); }, password);
  const download = await begun;
  await download.saveAs(testInfo.outputPath('echoed.bin'));
  await testInfo.attach('download', { path: await download.path() });
  console.log('downloaded', download.url());
});

test('prints pages', async ({ page, identity }, testInfo) => {
  const { username, password } = await identity('quotes');
  for (const text of [password, username]) {
    await page.goto('/echo?text=' + encodeURIComponent(text));
    const pdf = await page.pdf({ path: testInfo.outputPath(text === password ? 'one.pdf' : 'other.pdf') });
    await testInfo.attach('page', { body: pdf, contentType: 'application/pdf' });
    await testInfo.attach('packed', { body: gzipSync(text), contentType: 'application/gzip' });
  }
});

test('prints a key', async ({ page, identity }, testInfo) => {
  const { key } = await identity('quotes');
  const lines = key.split('\\n');
  console.log({ user: { key } });
  console.error(key);
  console.log(lines.map((line, index) => index + ' | ' + line).join('\\n'));
  for (const line of lines) console.log('  > ' + line);
  console.log('\\x1b[31m' + lines.join('\\x1b[0m\\n\\x1b[31m') + '\\x1b[0m');
  await page.goto('/lines?text=' + encodeURIComponent(key));
  await page.locator('textarea').fill(key);
  expect.soft(key).toBe('something else');
  expect.soft(key).toBe(lines.with(2, 'something else').join('\\n'));
  expect.soft({ user: { key } }).toEqual({ user: { key: lines.with(2, 'something else').join('\\n') } });
  expect.soft(lines).toEqual(lines.with(2, 'something else'));
  await expect.soft(page.locator('pre')).toHaveText(lines.with(2, 'something else').join('\\n'), { timeout: 200 });
  await expect.soft(page.locator('textarea')).toHaveValue('something else', { timeout: 200 });
  await testInfo.attach('key', { body: JSON.stringify({ key }) });
  await expect(page.locator('body')).toMatchAriaSnapshot('- paragraph: ' + JSON.stringify(key), { timeout: 200 });
});

test('writes in pieces', async ({ identity }) => {
  const { password } = await identity('long');
  for (const stream of [process.stdout, process.stderr]) {
    stream.write('in two: ' + password.slice(0, 30));
    stream.write(Buffer.from(password.slice(30) + '\\n'));
  }
  for (const output of ['inherit', 'pipe']) {
    const child = spawn(process.execPath, ['-e', repeat], { stdio: ['pipe', output, output] });
    child.stdout?.pipe(process.stdout, { end: false });
    child.stderr?.pipe(process.stderr, { end: false });
    child.stdin.end(password);
    await once(child, 'close');
  }
});

/** More than a pipe takes at once: it cuts the value. */
const repeat = \`process.stdin.setEncoding('utf8').on('data', (text) => {
  for (const stream of [process.stdout, process.stderr]) stream.write((text + '\\\\n').repeat(1000));
})\`;
`;
