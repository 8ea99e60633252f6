import path from 'node:path';
import { loadAuthSessions, type LoadedAuthSessions } from '../../declaration/load-auth-sessions.js';
import { findSuite } from '../suite/find-suite.js';
import type { CommandContext } from '../terminal/command-context.js';
import { findSessions } from './find-sessions.js';
import type { SurveyedSuite } from './survey-suite.js';

/** The declared sessions of a project that is set up. */
export async function loadDeclared(
  suite: SurveyedSuite,
  context: CommandContext,
): Promise<LoadedAuthSessions | undefined> {
  const { wiring, state } = findSessions(suite);
  if (wiring.kind !== 'wired' || state === 'missing') return undefined;
  const { sessionsFile } = await findSuite({ config: suite.configFile }, context);
  return loadAuthSessions(path.resolve(suite.folder, sessionsFile), context.env);
}
