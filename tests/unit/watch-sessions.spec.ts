import { expect, test } from '@playwright/test';
import { formatUses, listUses } from '../../src/cli/commands/listed-uses.js';
import { watchSessions, type Look } from '../../src/cli/commands/watch-sessions.js';
import type { CommandContext } from '../../src/cli/terminal/command-context.js';
import { createStyle } from '../../src/cli/terminal/style.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { createSink } from '../support/command-line.js';
import { createFakeClock } from '../support/fake-clock.js';

const away = new AuthSessionsError('ERR_STORE_UNREACHABLE', { failed: 'Redis is away.', next: 'Start it.' });
const plain = createStyle({ env: {}, isTerminal: false });

test('a pipe gets each look that differs, and Ctrl-C ends the watch at once', async () => {
  const watched = watch(['one', 'one', 'two', away, 'two'], { json: false });
  await watched.rounds(5);
  const shown = watched.text();
  expect(shown.match(/^20\S+Z$/gm)).toHaveLength(4);
  expect(shown).toMatch(
    /one\n\n\S+\ntwo\n\n\S+\n✗ Redis is away\. \[ERR_STORE_UNREACHABLE\]\n {2}Start it\.\n\n\S+\ntwo/,
  );
  watched.stop();
  await expect(watched.ended).rejects.toThrow('Ctrl-C');
});

test('with --json each look is one line, redacted', async () => {
  const watched = watch(['one', 'a-long-password'], { json: true });
  await watched.rounds(2);
  const lines = watched.text().trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { is: string }).is)).toEqual([
    'one',
    '[redacted:admin.password]',
  ]);
  watched.stop();
  await expect(watched.ended).rejects.toThrow('Ctrl-C');
});

test('a terminal shows the newest look in the place of the one before', async () => {
  const watched = watch(['one\nline', 'two'], { json: false, columns: 80 });
  await watched.rounds(2);
  expect(watched.raw()).toBe('one\nline\n\u001B[2A\u001B[1G\u001B[0Jtwo\n');
  watched.stop();
  await expect(watched.ended).rejects.toThrow('Ctrl-C');
});

test('an error that is not of the store ends the watch', async () => {
  await expect(watch([new TypeError('a mistake')], { json: false }).ended).rejects.toThrow('a mistake');
});

test('holders come before those who wait, with the store’s time', () => {
  const holder = { machine: 'ci-7', process: 12, project: 'chrome\nium', worker: 3 };
  const uses = listUses([
    {
      ...{ resource: 'pool:customer', slots: 2, nowMs: 100_000 },
      held: [{ holder, sinceMs: 40_000, untilMs: 120_000, slot: 2 }],
      waiting: [{ holder: { machine: 'ci-8', process: 9 }, sinceMs: 97_000 }],
    },
  ]);
  expect(uses.map(({ of, slot, worker, seconds, since }) => [of, slot, worker, seconds, since])).toEqual([
    ['customer', 2, 3, 60, '1970-01-01T00:00:40.000Z'],
    ['customer', null, null, 3, '1970-01-01T00:01:37.000Z'],
  ]);
  const text = formatUses(uses, plain);
  expect(text).toContain('customer  2/2    worker 3 of chrome\\nium  ci-7     1 min');
  expect(text).toContain('customer  waits  process 9                ci-8     3 s');
  expect(formatUses([], plain)).toBe('');
});

/** `columns` makes it a terminal. */
function watch(looks: (string | Error)[], { json, columns }: { json: boolean; columns?: number }) {
  const clock = createFakeClock();
  const stop = new AbortController();
  const sink = createSink();
  let raw = '';
  const stdout = Object.assign(sink.stream, columns !== undefined && { isTTY: true, columns });
  const write = stdout.write.bind(stdout);
  stdout.write = ((text: string, ...rest: []) => {
    raw += text;
    return write(text, ...rest);
  }) as typeof stdout.write;
  const redactor = createRedactor();
  redactor.add(new SecretValue('a-long-password', 'admin.password'));
  const left = [...looks];
  const look = async (): Promise<Look> => {
    const next = left.shift() ?? '';
    if (next instanceof Error) throw next;
    return Promise.resolve({ data: { is: next }, text: next, sameness: next });
  };
  const context = { stdout, clock, redactor, signal: stop.signal, style: plain } as unknown as CommandContext;
  const ended = watchSessions(look, { context, json });
  ended.catch(() => undefined);
  return {
    ended,
    text: sink.text,
    raw: () => raw,
    stop: () => stop.abort(new Error('Ctrl-C')),
    async rounds(count: number) {
      for (let round = 1; round < count; round += 1) {
        await expect.poll(() => clock.sleepers()).toBe(1);
        await clock.advance(2000);
      }
      await expect.poll(() => clock.sleepers()).toBe(1);
    },
  };
}
