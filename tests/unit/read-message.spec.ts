import { expect, test } from '@playwright/test';
import { findCodes, findLinks, isWanted } from '../../src/mail/find-in-message.js';
import { readMessage, type ReadMessage } from '../../src/mail/read-message.js';

test('reads quoted-printable and base64 parts, and addresses in groups', async () => {
  const source = [
    'From: Shop <No-Reply@Shop.example>',
    'To: "QA, admin" <QA+admin@shop.example>, Team: one@shop.example, two@shop.example;',
    'Subject: =?utf-8?B?SWhyIENvZGU=?=',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Code: 48=',
    '2913. https://app.example/enter?token=3Dabc=',
    'def.',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('<a href="https://app.example/enter?token=abcdef">Sign in</a>').toString('base64'),
    '--b--',
  ].join('\r\n');
  const message = await readMessage(source);
  expect(message).toMatchObject({
    from: 'no-reply@shop.example',
    to: ['qa+admin@shop.example', 'one@shop.example', 'two@shop.example'],
    subject: 'Ihr Code',
    links: ['https://app.example/enter?token=abcdef'],
  });
  expect(findCodes(message, {})).toEqual(['482913']);
});

const codes: readonly (readonly [string, readonly string[]])[] = [
  ['Your code is 482913.', ['482913']],
  ['482 913 is your code', ['482913']],
  ['Code: 123-456', ['123456']],
  ['482913 is your code. Again: 482913', ['482913']],
  ['Code 4829, © 2026 Shop', ['4829']],
  ['Your code: 2026', ['2026']],
  ['Order #482913, 1234,50 €, 12.11.2026, 2026-11-28, 10:4500', []],
  ['Call +49 30 1234567', []],
  ['https://app.example/482913', []],
  ['Code 123456 or 654321', ['123456', '654321']],
];

for (const [text, found] of codes)
  test(`finds ${found.length === 0 ? 'no code' : found.join(' and ')} in "${text}"`, () => {
    expect(findCodes(messageOf({ text }), {})).toEqual(found);
  });

test('a pattern finds a code by its group, or its whole match', () => {
  const message = messageOf({ text: 'Code: AB12CD34, order 482913' });
  expect(findCodes(message, { pattern: /Code: (\w{8})/ })).toEqual(['AB12CD34']);
  expect(findCodes(message, { pattern: /\d{6}/g })).toEqual(['482913']);
});

test('several links are those to the session’s origin, or those that match a pattern', () => {
  const links = [
    'https://app.example/enter?token=a',
    'https://app.example.evil.example/',
    'https://other.example/',
  ];
  const message = messageOf({ links });
  expect(findLinks(message, {}, 'https://app.example')).toEqual(links.slice(0, 1));
  expect(findLinks(message, { pattern: /other/ }, 'https://app.example')).toEqual(links.slice(2));
  expect(findLinks(message, {}, undefined)).toEqual(links);
  expect(findLinks(messageOf({ links: links.slice(2) }), {}, 'https://app.example')).toEqual(links.slice(2));
});

test('chooses a message by sender and subject', () => {
  const message = messageOf({ from: 'no-reply@shop.example', subject: 'Your sign-in' });
  expect(isWanted(message, {})).toBe(true);
  expect(isWanted(message, { from: 'NO-REPLY', subject: /sign-in$/g })).toBe(true);
  expect(isWanted(message, { from: 'other' })).toBe(false);
});

test('reads the text of HTML without scripts, styles and comments', async () => {
  const html =
    '<style>p{color:#123456}</style><!-- 111111 --><script>var a=222222</script><p>Code&nbsp;<b>48</b><b>2913</b> &#169;</p>';
  const source = `Content-Type: text/html; charset=utf-8\r\n\r\n${html}`;
  expect(findCodes(await readMessage(source), {})).toEqual(['482913']);
});

function messageOf(own: Partial<ReadMessage>): ReadMessage {
  return { from: '', to: [], subject: '', text: '', links: [], ...own };
}
