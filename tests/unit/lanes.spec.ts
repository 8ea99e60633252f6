import { expect, test } from '@playwright/test';
import { runLanes } from '../run/lanes.mjs';
import { lanesOf } from '../run/stages.mjs';

const none = { passed: 0, failed: 0, skipped: 0 };

test('stages of different lanes run side by side, and print in the order of the lanes', async () => {
  const printed: string[] = [];
  const gate = createGate();
  const seen = createGate();
  const counts = await runLanes(
    [
      [stage('slow', ['begins'], gate.opened), stage('after it', ['follows'])],
      [stage('quick', ['waits its turn'], undefined, () => seen.open())],
      [stage('opens the gate', [], seen.opened, () => gate.open())],
    ],
    (text) => void printed.push(text),
  );
  const order = printed.join('').replaceAll(/[─\n]+/g, '|');
  expect(order).toBe('| slow |begins| after it |follows| quick |waits its turn| opens the gate |');
  expect(counts).toEqual([1, 1, 1, 1].map((passed) => ({ ...none, passed })));
});

test('the first stage that has not ended prints as it goes', async () => {
  const printed: string[] = [];
  const gate = createGate();
  const all = runLanes([[stage('first', ['a line'], gate.opened)], [stage('second', ['another'])]], (text) =>
    printed.push(text),
  );
  await expect.poll(() => printed.join('')).toContain('a line');
  expect(printed.join('')).not.toContain('another');
  gate.open();
  await all;
  expect(printed.join('')).toContain('another');
});

test('a stage that throws counts as one failure, and the next one of its lane runs', async () => {
  const printed: string[] = [];
  const broken = { title: 'broken', run: () => Promise.reject(new Error('no such tool')) };
  const counts = await runLanes([[broken, stage('next')]], (text) => void printed.push(text));
  expect(counts).toEqual([
    { ...none, failed: 1 },
    { ...none, passed: 1 },
  ]);
  expect(printed.join('')).toContain('no such tool');
});

test('the fast and the slow tier are everything together, and each piece runs in one shard', () => {
  const titles = (tier: 'all' | 'fast' | 'slow', ...playwrightArgs: string[]) =>
    lanesOf(tier, { folder: '/nowhere', playwrightArgs }).map((lane) => lane.map(({ title }) => title));
  expect(titles('all')).toEqual([
    ['types, lint', 'package'],
    ['tests: unit, contract, integration', 'tests: end to end'],
  ]);
  expect(titles('fast')).toEqual([['types, lint'], ['tests: unit, contract']]);
  expect(titles('slow')).toEqual([['package'], ['tests: integration', 'tests: end to end']]);
  expect(titles('slow', '--shard=1/3')).toEqual(titles('slow'));
  expect(titles('slow', '--shard=2/3')).toEqual([[], ['tests: integration']]);
});

function stage(title: string, lines: readonly string[] = [], until?: Promise<unknown>, ended?: () => void) {
  return {
    title,
    async run(print: (text: string) => void) {
      for (const line of lines) print(`${line}\n`);
      await until;
      ended?.();
      return { ...none, passed: 1 };
    },
  };
}

function createGate() {
  let open: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}
