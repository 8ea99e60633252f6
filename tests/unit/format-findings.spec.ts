import path from 'node:path';
import { expect, test } from '@playwright/test';
import { formatFindings } from '../../reports/format-findings.js';
import type { Finding } from '../../src/artifacts/leak.js';

const folder = path.resolve('/suite');
const options = { folder, quarantineFolder: path.join(folder, '.auth-sessions/quarantine') };
const leak: Finding = {
  kind: 'leak',
  label: 'admin.password',
  file: path.join(folder, 'out/trace.zip'),
  members: ['0-trace.trace'],
  encoding: 'JSON',
  count: 2,
};

test('says which secret, which file, which member, how written, and what became of it', () => {
  const text = formatFindings({ findings: [leak], repaired: [] }, { ...options, onLeak: 'quarantine' });
  expect(text.split('\n')).toEqual([
    'The run fails because it leaked secrets.',
    `  admin.password in ${path.join('out', 'trace.zip')} › 0-trace.trace (JSON, 2 times)`,
    `  These files were moved to ${path.join('.auth-sessions', 'quarantine')}, readable only by you.`,
    expect.stringContaining('testInfo.attach'),
    '',
  ]);
});

test('says when leaking files were deleted', () => {
  expect(formatFindings({ findings: [leak], repaired: [] }, { ...options, onLeak: 'delete' })).toContain(
    'These files were deleted.',
  );
});

test('a file that could not be searched is reported, and is no leak', () => {
  const unsearched: Finding = { kind: 'unsearched', file: 'a.zip', members: [], reason: 'it is encrypted' };
  const text = formatFindings({ findings: [unsearched], repaired: [] }, { ...options, onLeak: 'quarantine' });
  expect(text).toContain('could not be searched for secrets: it is encrypted.');
  expect(text).not.toContain('leaked');
});

test('says nothing about nothing', () => {
  expect(formatFindings({ findings: [], repaired: [] }, { ...options, onLeak: 'quarantine' })).toBe('');
});

test('names some of the files that were redacted after the run', () => {
  const repaired = ['a', 'b', 'c', 'd', 'e'].map((name) => path.join(folder, name));
  expect(formatFindings({ findings: [], repaired }, { ...options, onLeak: 'quarantine' })).toBe(
    'auth-sessions: redacted after the run: a, b, c and 2 more.\n',
  );
});

test('a name neither ends its line nor is a command of the terminal or of CI', () => {
  const hostile = 'a\n::error::owned\u001b[2J##[error].txt';
  const unsearched: Finding = {
    kind: 'unsearched',
    file: path.join(folder, hostile),
    members: [hostile],
    reason: hostile,
  };
  const hostileLeak: Finding = { ...leak, file: path.join(folder, hostile), members: [hostile] };
  const repaired = [path.join(folder, hostile)];
  const text = formatFindings(
    { findings: [hostileLeak, unsearched], repaired },
    { folder, quarantineFolder: path.join(folder, hostile), onLeak: 'quarantine' },
  );
  expect(text.split('\n')).toHaveLength(7);
  for (const obeyed of ['::', '##', '\u001b']) expect(text).not.toContain(obeyed);
  expect(text.match(/a\\n\\u003a:error/g)).toHaveLength(7);
});

test('says that the check stopped at a limit, for each of some files', () => {
  const findings = Array.from({ length: 14 }, (_, at): Finding => ({
    ...{ kind: 'unsearched', file: path.join(folder, `${at}.zip`), members: [], stopped: true },
    reason: 'the search stopped at its limit of 3 s',
  }));
  const lines = formatFindings({ findings, repaired: [] }, { ...options, onLeak: 'quarantine' }).split('\n');
  expect(lines).toHaveLength(14);
  expect(lines[9]).toContain(
    '9.zip could not be searched for secrets: the search stopped at its limit of 3 s.',
  );
  expect(lines[10]).toBe('auth-sessions: 4 more could not be searched.');
  expect(lines[11]).toBe('The run fails because the leak check stopped at a limit.');
  expect(lines[12]).toContain('leaks.maxSeconds');
});
