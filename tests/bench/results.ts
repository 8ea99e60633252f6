import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatResults } from './format-results.js';
import type { Machine } from './machine.js';
import type { PartResult } from './part.js';
import { drawPlot } from './plot.js';

export interface Results {
  readonly parts: readonly MeasuredPart[];
}

export interface MeasuredPart {
  readonly name: string;
  readonly title: string;
  readonly machine: Machine;
  /** `2026-11-28` */
  readonly measuredOn: string;
  readonly rounds: number;
  readonly quick: boolean;
  readonly seconds: number;
  readonly result: PartResult;
}

/** The results so far: each part's newest. */
export function readResults(folder: string): Results {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'results.json'), 'utf8')) as Results;
  } catch {
    return { parts: [] };
  }
}

/** Replaces a part's results, in the order of `names`. */
export function mergePart(results: Results, part: MeasuredPart, names: readonly string[]): Results {
  const parts = [...results.parts.filter(({ name }) => name !== part.name), part];
  return { parts: parts.toSorted((one, other) => names.indexOf(one.name) - names.indexOf(other.name)) };
}

/** Writes `results.json`, `results.md` and the plots. */
export function writeResults(folder: string, results: Results): void {
  mkdirSync(folder, { recursive: true });
  writeWhole(path.join(folder, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  writeWhole(
    path.join(folder, 'results.md'),
    `# Benchmarks\n\n${formatResults(results, { pictures: '' })}\n`,
  );
  writePlots(folder, results);
}

export function writePlots(folder: string, { parts }: Results, prefix = ''): void {
  mkdirSync(folder, { recursive: true });
  for (const { result } of parts)
    for (const plot of result.plots)
      for (const theme of ['light', 'dark'] as const)
        writeWhole(path.join(folder, `${prefix}${plot.name}-${theme}.svg`), drawPlot(plot, theme));
}

/** A run that is stopped leaves no half a file. */
function writeWhole(file: string, text: string): void {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, file);
}
