import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { whileTracing } from '../../src/cli/commands/trace-file.js';
import type { BroughtUp } from '../../src/cli/engine/bring-up.js';
import type { CommandContext, CommandResult } from '../../src/cli/terminal/command-context.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import { createRedactor } from '../../src/redaction/redactor.js';

async function trace(
  result: Partial<CommandResult> & { readonly signIns?: number },
  { folder, traces = 0 }: { readonly folder: string; readonly traces?: number },
) {
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  const context = { folder, note, redactor: createRedactor() } as unknown as CommandContext;
  const sessions = [{ signIns: result.signIns ?? traces } as BroughtUp];
  await whileTracing({ file: 'trace.zip', names: ['admin'] }, context, async (signInTrace) => {
    for (let number = 0; number < traces; number += 1)
      await signInTrace?.keep(() => Promise.reject(new Error('The browser is gone')), 'admin');
    return { data: { sessions }, text: '', ...result };
  });
  return notes;
}

test('says that a restored session has no trace, and how to force one', async ({}, testInfo) => {
  const folder = path.dirname(testInfo.outputPath('x'));
  expect(await trace({}, { folder })).toEqual([
    'There is no trace, because there was no sign-in: a stored session was used. To sign in again: ' +
      'npx playwright-auth-sessions renew admin --trace trace.zip',
  ]);
  expect(await readdir(folder)).toEqual([]);
});

test('says that a sign-in by requests has no trace, and one that did not begin', async ({}, testInfo) => {
  const folder = path.dirname(testInfo.outputPath('x'));
  expect(await trace({ signIns: 1 }, { folder })).toEqual([
    'There is no trace: the flow signs in by requests. The error of a failed sign-in lists them.',
  ]);
  const errors = [new AuthSessionsError('ERR_VAULT_DENIED', { failed: 'No.', next: 'Ask.' })];
  expect(await trace({ errors }, { folder })).toEqual(['There is no trace: the sign-in did not begin.']);
});

test('says why a trace was not written, and leaves no file', async ({}, testInfo) => {
  const folder = path.dirname(testInfo.outputPath('x'));
  const notes = await trace({}, { folder, traces: 2 });
  expect(notes).toEqual(Array.from({ length: 2 }, () => 'The trace was not written: The browser is gone'));
  expect(await readdir(folder)).toEqual([]);
});
