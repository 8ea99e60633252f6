import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SurveyedSuite } from './survey-suite.js';
import { wireConfig, type WiredConfig } from './wire-config.js';

/** Where the project's sessions are or will be declared. */
export interface FoundSessions {
  readonly wiring: WiredConfig;
  /** The path in the config. */
  readonly sessionsFile: string;
  /** `unseen`: the config computes the path. */
  readonly state: 'there' | 'missing' | 'unseen';
}

/** A config that names a missing file is only half set up. */
export function findSessions({ folder, extension, configText }: SurveyedSuite): FoundSessions {
  const usual = `./auth-flows/auth-sessions.${extension}`;
  const wiring = wireConfig(configText, usual);
  if (wiring.kind === 'wired' && wiring.sessionsFile === undefined)
    return { wiring, sessionsFile: usual, state: 'unseen' };
  const sessionsFile = wiring.kind === 'wired' ? (wiring.sessionsFile ?? usual) : usual;
  const isThere = existsSync(path.resolve(folder, sessionsFile));
  return { wiring, sessionsFile, state: isThere ? 'there' : 'missing' };
}

/** How to write a file of this name: the sessions file may use another module system than the config. */
export function writtenAs(
  file: string,
  { syntax, extension }: SurveyedSuite,
): Pick<SurveyedSuite, 'language' | 'syntax' | 'extension'> {
  const own = path.extname(file).slice(1) || extension;
  if (own.endsWith('ts')) return { language: 'TypeScript', syntax: 'import', extension: own };
  const forced = own === 'mjs' ? 'import' : own === 'cjs' ? 'require' : syntax;
  return { language: 'JavaScript', syntax: forced, extension: own };
}
