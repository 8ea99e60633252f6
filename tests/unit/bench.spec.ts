import { expect, test } from '@playwright/test';
import { formatCell, formatFigure, formatResults, formatTable } from '../bench/format-results.js';
import type { Plot } from '../bench/part.js';
import { drawPlot, ticksFor } from '../bench/plot.js';
import { mergePart, type MeasuredPart } from '../bench/results.js';
import { median, quantile, ratiosOf, seededRandom, spreadOf } from '../bench/statistics.js';
import { replaceResults } from '../bench/write-docs.js';

test.describe('statistics', () => {
  test('a median of an even number of values lies between the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([9, 1, 5])).toBe(5);
  });

  test('a quantile is interpolated, and sorts numbers by size', () => {
    expect(quantile([100, 20, 3], 0)).toBe(3);
    expect(quantile([100, 20, 3], 1)).toBe(100);
    expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
  });

  test('no values give no figure', () => {
    expect(spreadOf([])).toEqual({ median: NaN, min: NaN, max: NaN });
  });

  test('ratios are of values of the same round', () => {
    expect(ratiosOf([2, 9], [1, 3])).toEqual([2, 3]);
    expect(ratiosOf([2, 9], [1])).toEqual([2]);
  });

  test('a seed gives the same numbers each time, between 0 and 1', () => {
    const draw = (seed: number) => Array.from({ length: 1000 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7).every((value) => value >= 0 && value < 1)).toBe(true);
    expect(median(draw(7))).toBeCloseTo(0.5, 1);
  });
});

test.describe('the table', () => {
  test('a figure has three significant digits', () => {
    const shown = [0.01234, 1.234, 12.34, 123.4, 1234.5, 12, 0].map(formatFigure);
    expect(shown).toEqual(['0.012', '1.23', '12.3', '123', '1,235', '12', '0']);
  });

  test('a spread that is one value is shown as one', () => {
    expect(formatCell(spreadOf([1.5]))).toBe('1.50');
    expect(formatCell(spreadOf([1.5, 2.5, 3.5]))).toBe('2.50 (1.50–3.50)');
  });

  test('a figure that was not measured is a dash, also after it was JSON', () => {
    expect(formatCell(null)).toBe('–');
    const spread = JSON.parse(JSON.stringify(spreadOf([]))) as ReturnType<typeof spreadOf>;
    expect(formatCell(spread)).toBe('–');
  });

  test('figures are aligned to the right, and words to the left', () => {
    const table = { columns: ['way', 's'], rows: [['one', 1] as const, ['a | b', 12.5] as const] };
    expect(formatTable(table)).toBe(
      ['| way    |    s |', '| ------ | ---: |', '| one    |    1 |', '| a \\| b | 12.5 |'].join('\n'),
    );
  });
});

test.describe('the plot', () => {
  test('ticks cover all values with round numbers', () => {
    expect(ticksFor([3, 47], 'linear')).toEqual([0, 10, 20, 30, 40, 50]);
    expect(ticksFor([1, 64], 'log')).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(ticksFor([0.5, 7000], 'log')).toEqual([0.1, 1, 10, 100, 1000, 10_000]);
    expect(ticksFor([0], 'linear')[0]).toBe(0);
    expect(ticksFor([], 'log')).toHaveLength(2);
  });

  test('has its title, both units and each series, with marks that differ by more than colour', () => {
    const svg = drawPlot(plot, 'light');
    for (const words of ['Cost &lt; gain', 'shards', 'milliseconds', 'files', 'Redis'])
      expect(svg).toContain(`>${words}</`);
    expect(svg).toContain('<circle');
    expect(svg).toContain('<path');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(drawPlot(plot, 'dark')).not.toBe(svg);
  });

  test('a point is above one with less', () => {
    const [, first = 0, second = 0] = (
      /points="[\d.]+,([\d.]+) [\d.]+,([\d.]+)/.exec(drawPlot(plot, 'light')) ?? []
    ).map(Number);
    expect(first).toBeGreaterThan(second);
  });
});

test.describe('results', () => {
  test("a part's new results replace its old ones, in the order of the parts", () => {
    const old = { parts: [measured('b', 1), measured('c', 1)] };
    const merged = mergePart(mergePart(old, measured('b', 2), ['a', 'b', 'c']), measured('a', 3), [
      'a',
      'b',
      'c',
    ]);
    expect(merged.parts.map(({ name, rounds }) => [name, rounds])).toEqual([
      ['a', 3],
      ['b', 2],
      ['c', 1],
    ]);
  });

  test('a quick run says that its figures mean nothing, and a goal that is not reached is shown', () => {
    const text = formatResults({ parts: [measured('a', 1, true)] }, { pictures: 'p/' });
    expect(text).toContain('these figures mean nothing');
    expect(text).toContain('**no**');
    expect(text).toContain('srcset="p/cost-dark.svg"');
    expect(formatResults({ parts: [measured('a', 1)] }, { pictures: '' })).toContain('2 cores, 4 GB');
  });

  test('the page keeps what is around its results, and replaces them each time', () => {
    const page =
      'before\n<!-- results: written by npm run bench -- --docs -->\nold\n<!-- end of results -->\nafter\n';
    const once = replaceResults(page, { parts: [measured('a', 1)] });
    expect(once).toMatch(/^before\n[^]*\nafter\n$/);
    expect(once).not.toContain('old');
    expect(replaceResults(once, { parts: [measured('a', 1)] })).toBe(once);
    expect(() => replaceResults('no marks', { parts: [] })).toThrow('no place');
  });
});

const plot: Plot = {
  name: 'cost',
  title: 'Cost < gain',
  x: { label: 'shards', scale: 'log' },
  y: { label: 'milliseconds', scale: 'linear' },
  series: [
    {
      name: 'files',
      points: [
        [1, 10],
        [64, 400],
      ],
    },
    {
      name: 'Redis',
      points: [
        [1, 12],
        [64, 90],
      ],
    },
  ],
};

function measured(name: string, rounds: number, quick = false): MeasuredPart {
  const machine = {
    cores: 2,
    memoryGB: 4,
    system: 'linux x64',
    node: '20',
    playwright: '1',
    chromium: 'C 1',
  };
  const goals = [{ goal: 'fast', measured: '9 s', reached: false }];
  const result = { method: 'So.', goals, tables: [], plots: [plot] };
  return { name, title: name, machine, measuredOn: '2026-01-02', rounds, quick, seconds: 1, result };
}
