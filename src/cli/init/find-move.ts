import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Redactor } from '../../redaction/redactor.js';
import type { InitAnswers } from './answers.js';
import { findSessions, writtenAs } from './find-sessions.js';
import type { InitOptions } from './init-options.js';
import { planMove, type PlannedMove } from './plan-move.js';
import { flowImport, flowVariable } from './session-lines.js';
import { readSessionsSource, type SessionsSource } from './sessions-source.js';
import type { SurveyedSuite } from './survey-suite.js';
import { whyNoVault } from './typed-names.js';

/** What a setup project becomes. */
export interface FoundMove {
  readonly plan: PlannedMove;
  /** Whether anything is moved: otherwise the plan only says why not. */
  readonly hasChanges: boolean;
  /** The sessions that it adds to; `undefined` in a new project. */
  readonly source: SessionsSource | undefined;
}

export interface MoveWish {
  readonly options: Pick<InitOptions, 'move' | 'session'>;
  /** Whether a person is asked before anything is moved. */
  readonly asks: boolean;
}

/**
 * For a new project; and for one with sessions, where a move before may have left some setup tests. There, nothing is
 * moved without a question or `--move`: a setup project beside sessions may be wanted.
 */
export async function findMove(
  suite: SurveyedSuite,
  { options, asks }: MoveWish,
  redactor: Redactor,
): Promise<FoundMove | undefined> {
  const { state, wiring, sessionsFile } = findSessions(suite);
  if (options.move === false || options.session !== undefined || wiring.kind === 'by hand') return undefined;
  if (state === 'unseen' || (state === 'there' && !asks && options.move !== true)) return undefined;
  const file = path.resolve(suite.folder, sessionsFile);
  const text = state === 'there' ? await readFile(file, 'utf8') : undefined;
  const source = text === undefined ? undefined : readSessionsSource(text);
  if (text !== undefined && source === undefined) return undefined;
  const { extension } = writtenAs(file, suite);
  const isTaken = (flow: string) =>
    source !== undefined &&
    new RegExp(`\\b${flowVariable(flow)}\\b`).test(text ?? '') &&
    !text?.includes(flowImport(flow, { syntax: source.syntax, extension }));
  const plan = await planMove(suite, {
    redactor,
    declared: source?.names,
    flows: { folder: path.dirname(file), extension, isTaken },
  });
  const hasChanges =
    plan !== undefined &&
    plan.sessions.length + plan.changes.length + (plan.configText === suite.configText ? 0 : 1) > 0;
  return plan && { plan, hasChanges, source };
}

/** The sessions of a move; as the declared ones read their values, if there are some. */
export function movedAnswers(
  given: InitAnswers,
  { plan, source }: FoundMove,
  { inVault }: Pick<InitOptions, 'inVault'> = {},
): InitAnswers {
  const names = plan.sessions.map(({ name }) => name);
  const answers = { ...given, moved: plan.sessions };
  if (!source) return { ...answers, sessions: names };
  const usual = source.vault !== undefined && whyNoVault(source.vault) === undefined;
  return {
    ...answers,
    sessions: names.length > 0 ? names : source.names,
    source: source.isInEnvironment ? 'environment' : 'vault',
    vault: inVault ?? (usual ? source.vault : given.vault),
  };
}
