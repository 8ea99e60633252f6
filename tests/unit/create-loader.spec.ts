import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { createLoader } from '../../src/declaration/create-loader.js';
import { test } from '../support/store/temporary-folder.js';

/** As the next process does. */
async function load(file: string, keepIn: string): Promise<unknown> {
  Reflect.deleteProperty(createRequire(import.meta.url).cache, file);
  const loader = createLoader(file, { keepIn });
  return ((await loader.load(file)) as { default: unknown }).default;
}

test('compiled code is used for the source that it was made of, and for no other', async ({ folder }) => {
  const file = join(folder, 'flow.ts');
  const keepIn = join(folder, 'kept');
  writeFileSync(file, 'export default 1 as number;');
  expect(await load(file, keepIn)).toBe(1);
  const [kept = ''] = readdirSync(keepIn);
  writeFileSync(join(keepIn, kept), 'exports.default = 3;'); // cut off while it was written, as it were
  expect(await load(file, keepIn)).toBe(1);
  const text = readFileSync(join(keepIn, kept), 'utf8');
  writeFileSync(join(keepIn, kept), text.replace('1', '4'));
  expect(await load(file, keepIn)).toBe(4);
  writeFileSync(file, 'export default 2 as number;');
  expect(await load(file, keepIn)).toBe(2);
  expect(readdirSync(keepIn)).toEqual([kept]);
});

test('a file is loaded also where its compiled form cannot be kept', async ({ folder }) => {
  const file = join(folder, 'flow.ts');
  const keepIn = join(folder, 'kept');
  writeFileSync(file, 'export default 1 as number;');
  await load(file, keepIn);
  const [kept = ''] = readdirSync(keepIn);
  const other = join(folder, 'other');
  mkdirSync(join(other, kept), { recursive: true }); // a folder in its place
  writeFileSync(file, 'export default 2 as number;');
  expect(await load(file, other)).toBe(2);
});
