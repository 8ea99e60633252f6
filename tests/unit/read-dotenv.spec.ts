import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { readDotenv } from '../../src/vault/local/read-dotenv.js';
import { errorOf } from '../support/session-bench.js';
import { test } from '../support/store/temporary-folder.js';

const everyQuote = `it's "a" \`b\` ü`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.describe('reads', () => {
  for (const [what, text, values] of [
    ['a plain value', 'A=b c', { A: 'b c' }],
    ['quoted values', `A="x y"\nB='x "y"'\nC=\`x 'y' "z"\``, { A: 'x y', B: 'x "y"', C: `x 'y' "z"` }],
    ['spaces around everything', '  A  =  b  ', { A: 'b' }],
    ['a colon for an equals sign', 'A: b', { A: 'b' }],
    ['export', 'export A=b\nexport B="c"', { A: 'b', B: 'c' }],
    ['comments', '# one\n  # two\nA=b # three\nB="x#y" # four\nC="z"# five', { A: 'b', B: 'x#y', C: 'z' }],
    ['empty values', 'A=\nB=""\nC= # none', { A: '', B: '', C: '' }],
    [
      'a quoted value over lines',
      'A="one\ntwo\n# three\nB=four"\nC=d',
      { A: 'one\ntwo\n# three\nB=four', C: 'd' },
    ],
    ['Windows line ends', 'A=b\r\nB="c"\r\n\r\n# d\r\nC="e\r\nf"\r\n', { A: 'b', B: 'c', C: 'e\nf' }],
    ['old line ends', 'A=b\rB=c', { A: 'b', B: 'c' }],
    ['a byte order mark', '\uFEFFA=b', { A: 'b' }],
    ['signs that a shell would expand', 'A="$HOME ${X} `y`"', { A: '$HOME ${X} `y`' }],
    ['a value with quotes and equals signs in it', `A=it's=b"c`, { A: `it's=b"c` }],
    ['a value that ends with a backslash', 'A="b\\"\nC="d"', { A: 'b\\', C: 'd' }],
    ['keys with dots and hyphens', 'A.b-C_1=d', { 'A.b-C_1': 'd' }],
    ['Base64 under a key that ends with __base64', `A__base64=${base64(everyQuote)}`, { A: everyQuote }],
    [
      'Base64 over lines, as base64 wraps it',
      `A__base64="${base64(everyQuote.repeat(9)).replaceAll(/(.{76})/g, '$1\n')}"`,
      { A: everyQuote.repeat(9) },
    ],
    ['no Base64 under another key', `A__BASE64=eA==\nBbase64=eA==`, { A__BASE64: 'eA==', Bbase64: 'eA==' }],
    ['an empty value in Base64', 'A__base64=', { A: '' }],
    ['a file without a line', '', {}],
  ] as const)
    test(what, async ({ folder }) => {
      expect(await read(folder, text)).toEqual(values);
    });

  test('a file that is not there as undefined', async ({ folder }) => {
    expect(await readDotenv(join(folder, '.env'))).toBeUndefined();
  });

  test('nothing into the environment', async ({ folder }) => {
    await read(folder, 'READ_DOTENV_PROBE=x');
    expect(process.env.READ_DOTENV_PROBE).toBeUndefined();
  });
});

test.describe('reports, by line and never by content,', () => {
  for (const [what, text, known] of [
    ['a line without a value', 'A=b\nhunter2\nC=d', 'line 2 is not KEY="value".'],
    ['a value without a key', '=hunter2', 'line 1 is not KEY="value".'],
    ['a key with a space', 'MY KEY=hunter2', 'line 1 is not KEY="value".'],
    ['a quote that never closes', 'A=b\nB="hunter2', 'line 2 is not KEY="value".'],
    ['something after a quoted value', `A='hunter2' hunter2`, 'line 1 is not KEY="value".'],
    ['a # that would cut a value short', 'A=hunter2#hunter2', 'line 1 is not KEY="value".'],
    [
      'every bad line',
      'hunter2\n\n# fine\nA=b\r\n"hunter2"',
      'line 1 is not KEY="value"; line 5 is not KEY="value".',
    ],
    ['a line after a value of several', 'A="x\ny"\nhunter2', 'line 3 is not KEY="value".'],
    ['what is no Base64', 'A=b\nB__base64="hunter2!"', 'line 2 is not Base64.'],
    [
      'a key that stands twice, once in Base64',
      'A=hunter2\nA__base64=eA==',
      'A is on line 1 and again on line 2.',
    ],
    ['a key that stands twice', 'A=hunter2\nB="x\ny"\nA=hunter2', 'A is on line 1 and again on line 4.'],
  ] as const)
    test(what, async ({ folder }) => {
      const error = await errorOf(read(folder, text));
      expect(error.code).toBe('ERR_LOCAL_FILE_INVALID');
      expect(error.message).toBe(
        `The local credentials file ${join(folder, '.env')} cannot be read. ${known} Write one ` +
          `KEY="value" per line. Quote a value that contains " with ', and one that contains both with \`. ` +
          `Write a value with all three quotes, or a file, in Base64, as KEY__base64. [ERR_LOCAL_FILE_INVALID]`,
      );
      expect(error.message).not.toContain('hunter2');
    });

  test('a file that is a folder', async ({ folder }) => {
    await mkdir(join(folder, '.env'));
    expect((await errorOf(readDotenv(join(folder, '.env')))).message).toBe(
      `The local credentials file ${join(folder, '.env')} cannot be read. The system reported EISDIR. Make it a file that you can read.` +
        ' [ERR_LOCAL_FILE_INVALID]',
    );
  });
});

test('gives what dotenv gives, or an error: nothing is read in a third way', async ({ folder }) => {
  const line = fc.tuple(
    fc.constantFrom('A', 'B', 'C_1', 'export D', '', 'x y'),
    fc.constantFrom('=', ' = ', ': ', ''),
    fc.array(fc.constantFrom('a', '#', ' ', '"', "'", '`', '\\', '\n', '='), { maxLength: 6 }),
  );
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 3 }), async (lines) => {
      const text = lines.map(([key, sign, value]) => `${key}${sign}${value.join('')}`).join('\n');
      const values = await read(folder, text).catch(() => undefined);
      if (values === undefined) return;
      accepted += 1;
      expect(values).toEqual(parse(text));
    }),
    { seed: 20_300_101, numRuns: 500 },
  );
  expect(accepted).toBeGreaterThan(50);
});

async function read(folder: string, text: string) {
  const file = join(folder, '.env');
  await writeFile(file, text);
  return readDotenv(file);
}
