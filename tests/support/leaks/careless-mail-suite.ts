/** A flow that does with what arrives by mail everything that it should not. It signs in, or throws what it has. */
export const carelessMailFlow = (end: 'signs in' | 'throws'): string => `
import { writeSync } from 'node:fs';
import { defineAuthFlow } from '@auth';
export default defineAuthFlow({
  async create({ page, context, mailbox }) {
    await page.goto('/sign-in');
    const code = await mailbox.code({ subject: 'code' });
    const link = await mailbox.link({ subject: 'link' });
    console.log(code, link, { code, link });
    console.error(JSON.stringify({ code, link }), encodeURIComponent(link));
    process.stdout.write(Buffer.from(code + ' ' + link + '\\n'));
    writeSync(1, 'past Node: ' + code + ' ' + link + '\\n');
    process.stderr.write(Buffer.from(link).toString('base64') + ' ' + Buffer.from(link).toString('hex') + '\\n');
    await page.getByLabel('Code').pressSequentially(code);
    await page.goto('/echo?text=' + encodeURIComponent(link));
    await page.evaluate(([code, link]) => {
      document.title = code;
      console.error('mailed ' + code + ' ' + link);
      localStorage.setItem('mail', JSON.stringify({ code, link }));
      document.cookie = 'mail=' + encodeURIComponent(link);
    }, [code, link]);
    await page.goto(link);
    await page.getByText('Signed in').waitFor();
    await context.request.post('/api/echo', { data: { code, link } });
    ${end === 'throws' ? "await page.getByText(code).click({ timeout: 100 }).catch((error) => { throw new Error('mailed ' + code + ' ' + link, { cause: error }); });" : ''}
  },
});
`;

/** A test of each: both are expected to fail, so that no worker ends with them. */
export const carelessMailSuite = `
import { writeFileSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from './identity.js';

test.describe('signed in by mail', () => {
  test.use({ authSession: 'mail' });
  test.fail('prints, attaches, compares and throws what arrived', async ({ page, request }, testInfo) => {
    await page.goto('/mailed');
    const { code, link } = await (await request.get('/api/mailed')).json();
    const json = JSON.stringify({ code, link });
    console.log(code, link, { code, link });
    console.error(json);
    process.stdout.write(Buffer.from(code + ' ' + link + '\\n'));
    writeSync(1, 'past Playwright: ' + code + ' ' + link + '\\n');
    testInfo.annotations.push({ type: 'mail', description: code + ' ' + link });
    await test.step('the code is ' + code + ' and the link ' + link, () => page.goto('/sign-in'));
    await page.getByLabel('Code').fill(code);
    await page.goto(link);
    await page.goto('/echo?text=' + encodeURIComponent(link + ' ' + code));
    await request.post('/api/echo', { data: { code, link } });
    await request.post('/api/echo', { form: { code, link } });
    await page.evaluate((text) => localStorage.setItem('mailed', text), json);
    await testInfo.attach('text', { body: 'the code is ' + code + ', the link ' + link });
    await testInfo.attach('json', { body: JSON.stringify(json), contentType: 'application/json' });
    await testInfo.attach('base64', { body: Buffer.from(json).toString('base64') });
    await testInfo.attach('uri', { body: encodeURIComponent(json) + ' ' + new URLSearchParams({ code, link }) });
    await testInfo.attach('utf16', { body: Buffer.from(json, 'utf16le'), contentType: 'application/octet-stream' });
    await testInfo.attach('hex', { body: Buffer.from(link).toString('hex') });
    const file = testInfo.outputPath('mail.json.gz');
    writeFileSync(file, gzipSync(json));
    await testInfo.attach('gzip', { path: file });
    expect.soft(link, 'the link ' + link).toBe('something else');
    expect.soft({ code, list: [link] }).toEqual({});
    await expect.soft(page.getByText(code)).toHaveText('something else', { timeout: 200 });
    throw new Error('mailed ' + code, { cause: new Error('mailed ' + link) });
  });
});

test.describe('not signed in by mail', () => {
  test.use({ authSession: 'unwelcome' });
  test.fail('is not reached', async ({ page }) => {
    await page.goto('/mailed');
    throw new Error(await page.innerText('body'));
  });
});
`;
