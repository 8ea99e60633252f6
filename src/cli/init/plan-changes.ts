import { existsSync } from 'node:fs';
import path from 'node:path';
import { planAgentServer } from './agent-server.js';
import { usualCi, type InitAnswers } from './answers.js';
import { describeMove } from './describe-move.js';
import { cypressNotes } from './find-cypress.js';
import { plannedSecrets } from './ci-secrets.js';
import { compilerConfig } from './compiler-config.js';
import type { FileChange } from './file-change.js';
import { findSessions, writtenAs, type FoundSessions } from './find-sessions.js';
import { outputLines } from './output-lines.js';
import type { PlannedMove } from './plan-move.js';
import { ignoreChange } from './ignore-change.js';
import { planSessions } from './plan-sessions.js';
import { setBaseURL } from './set-base-url.js';
import type { SurveyedSuite } from './survey-suite.js';
import { unsignedWorkflows } from './unsigned-workflows.js';
import { typesChange } from './types-change.js';
import { workflowText } from './workflow-text.js';

export interface PlannedChanges {
  readonly changes: readonly FileChange[];
  readonly sessions: FoundSessions;
  /** For new sessions: the flow to adapt to the application. */
  readonly flowFile: string | undefined;
  readonly workflowFile: string | undefined;
  /** The names of the secrets that the workflow needs. */
  readonly secrets: readonly string[];
  /** What to know about changes. */
  readonly notes: readonly string[];
}

export interface PlanOptions {
  /** What a setup project becomes. */
  readonly move?: PlannedMove | undefined;
  /** The variables that the workflow passes on. [those of the way that CI signs in] */
  readonly secrets?: readonly string[];
  /** The sessions of a project that is set up: agents get the first. [those of the answers] */
  readonly declared?: readonly string[] | undefined;
}

/** Never overwrites: existing lines and files stay. */
export async function planChanges(
  suite: SurveyedSuite,
  answers: InitAnswers,
  { move, secrets = plannedSecrets(answers), declared = [] }: PlanOptions = {},
): Promise<PlannedChanges> {
  const { folder, configFile, configText } = suite;
  const moved = move?.configText ?? configText;
  const addressed = answers.baseURL === undefined ? moved : setBaseURL(moved, answers.baseURL);
  const sessions = findSessions({ ...suite, configText: addressed });
  const { wiring, state } = sessions;
  const config = wiring.kind === 'edited' ? wiring.text : addressed;
  const isNew = state === 'missing';
  const own = await planSessions(sessions, suite, { answers, move });
  const workflow = path.join(suite.repository, workflowName);
  const added =
    answers.ci === 'none'
      ? own.created
      : [...own.created, { file: workflow, after: workflowText(answers, suite, secrets) }];
  const created = added.filter(({ file }) => !existsSync(file)).map((one) => ({ ...one, before: undefined }));
  const { language } = writtenAs(sessions.sessionsFile, suite);
  const compiler = compilerConfig(sessions, { folder, isTypeScript: language === 'TypeScript' });
  const types = await typesChange(sessions, { folder, willCompile: compiler !== undefined });
  const [session = answers.sessions[0] ?? ''] = declared;
  const agents = answers.agents ? await planAgentServer(suite, session) : undefined;
  const ignored = await ignoreChange(folder, outputLines(configText, folder));
  return {
    sessions,
    secrets,
    flowFile: own.flowFile,
    workflowFile: created.some(({ file }) => file === workflow) ? workflow : undefined,
    notes: [
      ...(move ? await describeMove(move, answers, folder) : []),
      ...(agents?.notes ?? []),
      ...(isNew ? cypressNotes(folder) : []),
      ...(isNew ? unsignedWorkflows(suite, plannedSecrets(answers, usualCi(answers.source))) : []),
    ],
    changes: [
      ...created,
      ...own.changed,
      ...[types, compiler].filter((one) => one !== undefined),
      ...(config === configText ? [] : [{ file: configFile, before: configText, after: config }]),
      ...(move?.changes ?? []),
      ...(ignored ? [ignored] : []),
      ...(agents?.change ? [agents.change] : []),
    ],
  };
}

const workflowName = '.github/workflows/auth-sessions.yml';
