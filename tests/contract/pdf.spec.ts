import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import { parsePdf } from '../../src/artifacts/pdf-document.js';
import { readFonts } from '../../src/artifacts/pdf-fonts.js';
import { readPdfText } from '../../src/artifacts/pdf-text.js';
import { redactFile } from '../../src/artifacts/redact-file.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';

const secrets = {
  words: 'drei wörter ✓ AVATAR',
  quotes: `it's "quoted" \\(fi) Töfte`,
  link: 'token-4711/with(parentheses)',
  title: 'título-secreto',
  long: 'abcdefghij-klmnopqrstuv-wxyz0123456789',
  mono: 'monospace-value',
};
const redactor = createRedactor();
for (const [label, value] of Object.entries(secrets)) redactor.add(new SecretValue(value, label));

const page1 = `<title>${secrets.title}</title>
  <p>Before ${secrets.words} after.</p><p style="font-weight:bold">${secrets.quotes}</p>
  <a href="https://site.test/?t=${secrets.link}">a link</a>
  <div style="width:90px">${secrets.long}</div><div style="width:70px">${secrets.words}</div>
  <input value="${secrets.long}" style="width:400px">
  <p style="break-before:page;font-family:monospace;letter-spacing:3px">${secrets.mono}</p>`;

for (const options of [{}, { tagged: true, outline: true }])
  test(`a page's text is found in its PDF file and redacted there (${JSON.stringify(options)})`, async ({
    page,
  }, testInfo) => {
    await page.setContent(page1);
    const file = testInfo.outputPath('page.pdf');
    await page.pdf({ path: file, ...options });
    expect(new Set(await labelsIn(file))).toEqual(new Set(Object.keys(secrets)));
    const before = readFileSync(file);

    expect(redactFile(file, redactor)).toBe(true);
    expect(await labelsIn(file)).toEqual([]);
    expect(redactFile(file, redactor)).toBe(false);
    const after = readFileSync(file);
    expect(after).toHaveLength(before.length);
    expect(textOf(after)).toContain('Before ');
    expect(textOf(after)).toContain(' after.');
    expect(parsePdf(after, 1e8).streams).toHaveLength(parsePdf(before, 1e8).streams.length);
  });

test('a PDF file in base64 is opened and redacted there', async ({ page }, testInfo) => {
  await page.setContent(page1);
  const file = testInfo.outputPath('report.json');
  const body = (await page.pdf()).toString('base64');
  writeFileSync(file, JSON.stringify({ attachments: [{ contentType: 'application/pdf', body }] }));
  expect(await labelsIn(file)).toContain('mono');
  expect(redactFile(file, redactor)).toBe(true);
  expect(await labelsIn(file)).toEqual([]);
});

test('a PDF file without a secret is not touched', async ({ page }, testInfo) => {
  await page.setContent('<p>nothing</p>');
  const file = testInfo.outputPath('clean.pdf');
  await page.pdf({ path: file });
  expect(redactFile(file, redactor)).toBe(false);
});

async function labelsIn(file: string): Promise<string[]> {
  const labels: string[] = [];
  for await (const finding of findLeaks({ roots: [file], redactor }))
    labels.push(finding.kind === 'leak' ? finding.label : finding.reason);
  return labels;
}

function textOf(file: Buffer): string {
  const document = parsePdf(file, 1e8);
  const fonts = readFonts(document, { bytes: () => undefined });
  return document.streams
    .flatMap(({ content }) => (content ? readPdfText(content, fonts) : []))
    .map((glyphs) => glyphs.map(({ text }) => text).join(''))
    .join('\n');
}
