import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SurveyedProject } from './survey-project.js';
import { wireConfig, type WiredConfig } from './wire-config.js';

/** Where the project's sessions are declared, or will be. */
export interface FoundSessions {
  readonly wiring: WiredConfig;
  /** As the config names it. */
  readonly sessionsFile: string;
  /** `unseen`: the config names it by something else than a text. */
  readonly state: 'there' | 'missing' | 'unseen';
}

/** A config that names a file which is not there is half set up, and not done. */
export function findSessions({ folder, extension, configText }: SurveyedProject): FoundSessions {
  const usual = `./auth-flows/auth-sessions.${extension}`;
  const wiring = wireConfig(configText, usual);
  if (wiring.kind === 'wired' && wiring.sessionsFile === undefined)
    return { wiring, sessionsFile: usual, state: 'unseen' };
  const sessionsFile = wiring.kind === 'wired' ? (wiring.sessionsFile ?? usual) : usual;
  const isThere = existsSync(path.resolve(folder, sessionsFile));
  return { wiring, sessionsFile, state: isThere ? 'there' : 'missing' };
}

/** How a file of this name is written: a sessions file that a config names may be of another kind than the config. */
export function writtenAs(
  file: string,
  { syntax, extension }: SurveyedProject,
): Pick<SurveyedProject, 'language' | 'syntax' | 'extension'> {
  const own = path.extname(file).slice(1) || extension;
  if (own.endsWith('ts')) return { language: 'TypeScript', syntax: 'import', extension: own };
  const forced = own === 'mjs' ? 'import' : own === 'cjs' ? 'require' : syntax;
  return { language: 'JavaScript', syntax: forced, extension: own };
}
