/**
 * A suite that does with a session's headers, HTTP credentials and certificates everything that it should not. Each test
 * fails.
 */
export const carelessAccessSuite = (partner: string): string => `
import { writeFileSync } from 'node:fs';
import { expect, test } from '@auth';

test.use({ authSession: 'careless', screenshot: 'on' });

test('prints and attaches what its pages send', async ({ page }, testInfo) => {
  const sent = [];
  page.on('request', (one) => sent.push(one));
  await page.goto('/echo');
  await page.goto('${partner}');
  for (const one of sent) {
    const headers = await one.allHeaders();
    console.log(headers, JSON.stringify(headers));
    await testInfo.attach('headers', { body: JSON.stringify(headers), contentType: 'application/json' });
    await testInfo.attach('bytes', { body: Buffer.from(JSON.stringify(headers)).toString('base64') });
    expect.soft(headers).toEqual({});
    writeFileSync(testInfo.outputPath('headers.txt'), 'nothing');
  }
  await expect(page.getByText('Welcome')).toHaveText(await page.evaluate(() => document.body.innerText), { timeout: 100 });
});

test('compares what a server echoes', async ({ request }) => {
  const answer = await request.get('/echo');
  await test.step('got ' + (await answer.text()), async () => expect(await answer.text()).toBe('nothing'));
});

test('records', async ({ context, page }, testInfo) => {
  await context.tracing.startHar(testInfo.outputPath('network.har'), { content: 'embed' });
  await page.goto('/echo');
  await page.request.get('/echo');
  await page.request.get('${partner}');
  await context.tracing.stopHar();
  throw new Error(await page.content());
});

test('shows its options', async ({ contextOptions, httpCredentials, clientCertificates }, testInfo) => {
  console.log(contextOptions, httpCredentials, clientCertificates);
  for (const { cert, key } of clientCertificates) {
    console.log(String(key), JSON.stringify({ key: String(key), cert: String(cert) }));
    await testInfo.attach('key', { body: key });
    await testInfo.attach('key in base64', { body: key.toString('base64') });
    expect.soft(String(cert)).toBe('');
  }
  expect(httpCredentials).toEqual([]);
});
`;
