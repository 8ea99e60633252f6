import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { InitAnswers } from './answers.js';
import type { FileChange } from './file-change.js';
import { writtenAs, type FoundSessions } from './find-sessions.js';
import { flowText } from './flow-text.js';
import type { PlannedMove } from './plan-move.js';
import { envExampleText, exampleLocalKeys, sessionsFileText } from './session-files.js';
import { flowImport, flowsOf, sessionLines } from './session-lines.js';
import { readSessionsSource } from './sessions-source.js';
import type { SurveyedSuite } from './survey-suite.js';

export interface PlannedSessions {
  readonly created: readonly { readonly file: string; readonly after: string }[];
  readonly changed: readonly FileChange[];
  /** The flow to read or to adapt. */
  readonly flowFile: string | undefined;
}

interface Planned {
  readonly answers: InitAnswers;
  readonly move: PlannedMove | undefined;
}

/** The sessions of a new project, or those that a move adds to the declared ones. */
export async function planSessions(
  { sessionsFile, state }: FoundSessions,
  suite: SurveyedSuite,
  planned: Planned,
): Promise<PlannedSessions> {
  const file = path.resolve(suite.folder, sessionsFile);
  if (state === 'missing') return newSessions(file, suite, planned);
  const isMore = state === 'there' && planned.move !== undefined && planned.move.sessions.length > 0;
  return isMore ? moreSessions(file, suite, planned) : { created: [], changed: [], flowFile: undefined };
}

/** The flow comes first. */
function newSessions(file: string, suite: SurveyedSuite, planned: Planned): PlannedSessions {
  const { answers } = planned;
  const flows = flowFiles(file, suite, planned);
  const example = { file: exampleOf(suite), after: envExampleText(answers) };
  return {
    created: [...flows, { file, after: sessionsFileText(answers, writtenAs(file, suite)) }, example],
    changed: [],
    flowFile: flows[0]?.file,
  };
}

async function moreSessions(file: string, suite: SurveyedSuite, planned: Planned): Promise<PlannedSessions> {
  const { answers } = planned;
  const before = await readFile(file, 'utf8');
  const source = readSessionsSource(before);
  const flows = flowFiles(file, suite, planned);
  const { extension } = writtenAs(file, suite);
  const imports = flowsOf(answers).map((flow) =>
    flowImport(flow, { extension, syntax: source?.syntax ?? suite.syntax }),
  );
  const after = source?.withMore({
    imports: imports.filter((line) => !before.includes(line)),
    sessions: answers.sessions.flatMap((name) => sessionLines(name, answers)),
  });
  return {
    created: existsSync(exampleOf(suite))
      ? flows
      : [...flows, { file: exampleOf(suite), after: envExampleText(answers) }],
    changed: [...(after === undefined ? [] : [{ file, before, after }]), ...(await moreKeys(suite, answers))],
    flowFile: flows[0]?.file,
  };
}

function flowFiles(file: string, suite: SurveyedSuite, { answers, move }: Planned) {
  const written = writtenAs(file, suite);
  return flowsOf(answers).map((flow) => ({
    file: path.join(path.dirname(file), `${flow}.${written.extension}`),
    after: move?.flowTexts.get(flow) ?? flowText(answers, written),
  }));
}

/** The keys that an existing example lacks. */
async function moreKeys(suite: SurveyedSuite, answers: InitAnswers): Promise<readonly FileChange[]> {
  const file = exampleOf(suite);
  const before = existsSync(file) ? await readFile(file, 'utf8') : undefined;
  const missing = exampleLocalKeys(answers).filter((key) => !before?.includes(key));
  if (before === undefined || missing.length === 0) return [];
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  return [{ file, before, after: `${before}${gap}${missing.map((key) => `${key}''\n`).join('')}` }];
}

function exampleOf({ folder }: SurveyedSuite): string {
  return path.join(folder, '.env.auth-sessions.example');
}
