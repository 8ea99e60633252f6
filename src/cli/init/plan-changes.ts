import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { askIgnored } from '../files/git.js';
import { planAgentServer } from './agent-server.js';
import { usualCi, type InitAnswers } from './answers.js';
import { describeMove } from './describe-move.js';
import { cypressNotes } from './find-cypress.js';
import { plannedSecrets } from './ci-secrets.js';
import type { FileChange } from './file-change.js';
import { findSessions, writtenAs, type FoundSessions } from './find-sessions.js';
import { outputLines } from './output-lines.js';
import type { PlannedMove } from './plan-move.js';
import { flowText } from './flow-text.js';
import { envExampleText, sessionsFileText } from './session-files.js';
import { flowsOf } from './session-lines.js';
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
}

/** Never overwrites: existing lines and files stay. */
export async function planChanges(
  suite: SurveyedSuite,
  answers: InitAnswers,
  { move, secrets = plannedSecrets(answers) }: PlanOptions = {},
): Promise<PlannedChanges> {
  const { folder, configFile, configText } = suite;
  const moved = move?.configText ?? configText;
  const addressed = answers.baseURL === undefined ? moved : setBaseURL(moved, answers.baseURL);
  const sessions = findSessions({ ...suite, configText: addressed });
  const { wiring, state } = sessions;
  const config = wiring.kind === 'edited' ? wiring.text : addressed;
  const own = state === 'missing' ? newSessions(sessions.sessionsFile, suite, { answers, move }) : [];
  const workflow = path.join(suite.repository, workflowName);
  const added =
    answers.ci === 'none' ? own : [...own, { file: workflow, after: workflowText(answers, suite, secrets) }];
  const created = added.filter(({ file }) => !existsSync(file)).map((one) => ({ ...one, before: undefined }));
  const { language } = writtenAs(sessions.sessionsFile, suite);
  const types = await typesChange(sessions, { folder, isTypeScript: language === 'TypeScript' });
  const agents = answers.agents ? await planAgentServer(suite, answers) : undefined;
  const ignored = await ignoreChange(folder, [...ignoreLines, ...outputLines(configText, folder)]);
  return {
    sessions,
    secrets,
    flowFile: own[0]?.file,
    workflowFile: created.some(({ file }) => file === workflow) ? workflow : undefined,
    notes: [
      ...(move ? await describeMove(move, answers, folder) : []),
      ...(agents?.notes ?? []),
      ...(own.length > 0 ? cypressNotes(folder) : []),
      ...(own.length > 0 ? unsignedWorkflows(suite, plannedSecrets(answers, usualCi(answers.source))) : []),
    ],
    changes: [
      ...created,
      ...(types ? [types] : []),
      ...(config === configText ? [] : [{ file: configFile, before: configText, after: config }]),
      ...(move?.changes ?? []),
      ...(ignored ? [ignored] : []),
      ...(agents?.change ? [agents.change] : []),
    ],
  };
}

/** The flow comes first. */
function newSessions(
  sessionsFile: string,
  suite: SurveyedSuite,
  { answers, move }: { readonly answers: InitAnswers; readonly move: PlannedMove | undefined },
) {
  const file = path.resolve(suite.folder, sessionsFile);
  const written = writtenAs(file, suite);
  return [
    ...flowsOf(answers).map((flow) => ({
      file: path.join(path.dirname(file), `${flow}.${written.extension}`),
      after: move?.flowTexts.get(flow) ?? flowText(answers, written),
    })),
    { file, after: sessionsFileText(answers, written) },
    { file: path.join(suite.folder, '.env.auth-sessions.example'), after: envExampleText(answers) },
  ];
}

/** Appends the missing lines to `.gitignore`. */
async function ignoreChange(folder: string, wanted: readonly string[]): Promise<FileChange | undefined> {
  const file = path.join(folder, '.gitignore');
  const before = await readFile(file, 'utf8').catch(() => undefined);
  const present = new Set((before ?? '').split(/\r?\n/).map(bare));
  const answers = await Promise.all(
    wanted.map(async (line) => ({
      line,
      answer: await askIgnored(folder, path.join(folder, bare(line))),
    })),
  );
  const missing = answers.filter(({ line, answer }) => !present.has(bare(line)) && answer !== 'ignored');
  if (missing.length === 0) return undefined;
  const eol = before?.includes('\r\n') ? '\r\n' : '\n';
  const gap = before === undefined || before === '' ? '' : before.endsWith('\n') ? eol : eol + eol;
  const lines = [ignoreHead, ...missing.map(({ line }) => line), ''];
  return { file, before, after: (before ?? '') + gap + lines.join(eol) };
}

function bare(line: string): string {
  return line.trim().replace(/^\/|\/$/g, '');
}

const workflowName = '.github/workflows/auth-sessions.yml';
const ignoreHead = '# sealed sessions, local test credentials, and output of runs';
const ignoreLines = ['/.auth-sessions/', '/.env.auth-sessions', '/reports/output/'];
