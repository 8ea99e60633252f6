import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { requireNewFile } from '../../src/cli/engine/sign-in-trace.js';

test('a trace goes to a new file in a folder that takes it', async ({}, testInfo) => {
  const outputPath = (name = '.') => testInfo.outputPath(name);
  const there = outputPath('there.zip');
  await writeFile(there, '');
  await expect(requireNewFile(outputPath('new.zip'))).resolves.toBeUndefined();
  await expect(requireNewFile(there)).rejects.toThrow('there.zip exists already.');
  const nowhere = path.join(outputPath(), 'missing');
  await expect(requireNewFile(path.join(nowhere, 'trace.zip'))).rejects.toMatchObject({
    code: 'ERR_USAGE',
    explanation: { failed: `No file can be written in ${nowhere}.` },
  });
});
