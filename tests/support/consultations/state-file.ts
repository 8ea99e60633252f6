import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Consultation } from './consultation.js';
import type { SavedSessions } from './session-book.js';

/** What a restarted site still knows. */
export interface SavedState {
  readonly version: 1;
  /** Signs the session cookies. */
  readonly cookieSecret: string;
  readonly sessions: SavedSessions;
  readonly acceptedSteps: Readonly<Record<string, number>>;
  readonly consultations: readonly Consultation[];
}

/** `undefined` when there is no file yet. A file that is no state of this site is an error, and is left alone. */
export function readStateFile(file: string): SavedState | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  const state = parse(text);
  if (state?.version === 1) return state;
  throw new Error(`The state file ${file} is not one of this site. Remove it to start afresh.`);
}

/** Atomic: a reader finds the old state or the new one. Readable by its owner alone. */
export function writeStateFile(file: string, state: SavedState): void {
  const draft = `${file}.${process.pid}.draft`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
  renameSync(draft, file);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): SavedState | undefined {
  try {
    return JSON.parse(text) as SavedState;
  } catch {
    return undefined;
  }
}
