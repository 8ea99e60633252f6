import type { Spread } from './statistics.js';

/** One part of the benchmark. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** How often each figure is measured, unless the command line says otherwise: as time allows. */
  readonly usualRounds: number;
  run(options: PartOptions): Promise<PartResult>;
}

export interface PartOptions {
  /** How often each figure is measured. */
  readonly rounds: number;
  /** Whether everything is tiny: shows that the part works, and measures nothing. */
  readonly quick: boolean;
  readonly progress: (line: string) => void;
}

/** What a part found, as it is kept in the JSON file. */
export interface PartResult {
  /** How it was measured, in sentences. */
  readonly method: string;
  readonly goals: readonly Goal[];
  readonly tables: readonly Table[];
  readonly plots: readonly Plot[];
}

export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly reached: boolean;
}

/** Figures are numbers in the JSON file, and are rounded where they are shown. */
export interface Table {
  readonly title?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** `null`: not measured here. */
export type Cell = string | number | Spread | null;

/** Lines over a common axis. */
export interface Plot {
  /** Names the files: `broker-latency`. */
  readonly name: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

export interface Axis {
  /** With its unit: `acquire, ms`. */
  readonly label: string;
  readonly scale: 'linear' | 'log';
}

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}
