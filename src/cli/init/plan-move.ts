import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sessionNamePattern } from '../../core/validate-declaration.js';
import { SecretValue } from '../../core/secret-value.js';
import type { Redactor } from '../../redaction/redactor.js';
import type { MovedSession } from './answers.js';
import { whyNoSessions } from './typed-names.js';
import type { FileChange } from './file-change.js';
import { filesBelow, findSetupProjects, type FoundSetup } from './find-setup-projects.js';
import { moveConfigStates, removeSetups } from './move-config.js';
import { moveTestFile } from './move-test-file.js';
import { movedFlowText } from './moved-flow-text.js';
import { readSetupFile, type LeftInPlace, type SetupTest } from './read-setup-file.js';
import { applyEdits } from './syntax-edits.js';
import type { SurveyedSuite } from './survey-suite.js';

/** How a setup project becomes flows. */
export interface PlannedMove {
  readonly configText: string;
  /** Test files: their imports, and their sessions. */
  readonly changes: readonly FileChange[];
  readonly sessions: readonly MovedSession[];
  readonly flowTexts: ReadonlyMap<string, string>;
  readonly left: readonly LeftInPlace[];
  /** Setup files that nothing uses afterwards. */
  readonly unused: readonly string[];
  readonly tests: readonly MovedTest[];
}

/** A setup test with the name of its session. */
export interface MovedTest extends SetupTest {
  readonly name: string;
  readonly file: string;
}

/** `undefined` without a setup project. Its values are known to the redactor before anything is shown. */
export async function planMove(suite: SurveyedSuite, redactor: Redactor): Promise<PlannedMove | undefined> {
  const setup = findSetupProjects(suite);
  if (!setup) return undefined;
  const { tests, left } = await readSetups(setup, redactor);
  const moved = new Map(tests.map(({ stateFile, name }) => [stateFile, name]));
  if (tests.length === 0)
    return { ...suite, changes: [], sessions: [], flowTexts: new Map(), left, unused: [], tests };
  const inConfig = moveConfigStates(setup, { configFile: suite.configFile, moved });
  const inTests = await moveTests(setup, suite, moved);
  const leftInUse = [...inConfig.left, ...inTests.left];
  const isWhole = (files: readonly string[]) => !left.some(({ file }) => files.includes(file));
  const gone = leftInUse.length > 0 ? [] : setup.setups.filter((one) => one.isPlain && isWhole(one.files));
  const flows = nameFlows(tests, suite);
  return {
    configText: applyEdits(suite.configText, [
      ...inConfig.edits,
      ...removeSetups(suite.configText, setup, gone),
    ]),
    changes: inTests.changes,
    sessions: tests.map(({ name, parameters }) => ({ name, parameters, flow: flows.nameOf(name) })),
    flowTexts: flows.texts,
    left: [...left, ...leftInUse],
    unused: gone.flatMap(({ files }) => files),
    tests,
  };
}

async function readSetups({ setups, scope }: FoundSetup, redactor: Redactor) {
  const files = [...new Set(setups.flatMap((one) => one.files))];
  const left: LeftInPlace[] = [];
  const tests: MovedTest[] = [];
  for (const file of files) {
    const own = { ...scope, folder: path.dirname(file), constants: new Map() };
    const read = readSetupFile({ file, text: await readFile(file, 'utf8') }, own);
    left.push(...read.left);
    for (const one of read.tests) {
      const name = path.basename(one.stateFile, '.json').replaceAll(/[^\w.-]+/g, '-');
      for (const { parameter, value } of one.literals)
        if (parameter !== 'username') redactor.add(new SecretValue(value, `${name}.${parameter}`));
      const why = sessionNamePattern.test(name)
        ? whyNoSessions([...tests.map((each) => each.name), name])
        : `Its state "${name}" is no name of a session`;
      if (why === undefined) tests.push({ ...one, name, file });
      else left.push({ file, line: one.line, why: `${why}.` });
    }
  }
  return { tests, left };
}

async function moveTests(
  { setups, scope }: FoundSetup,
  suite: SurveyedSuite,
  moved: ReadonlyMap<string, string>,
) {
  const besides = new Set([suite.configFile, ...setups.flatMap(({ files }) => files)]);
  const files = filesBelow(suite.folder, (file) => /\.[cm]?[jt]sx?$/.test(file) && !besides.has(file));
  const changes: FileChange[] = [];
  const left: LeftInPlace[] = [];
  for (const file of files) {
    const before = await readFile(file, 'utf8');
    if (!/@playwright\/test|storageState/.test(before)) continue;
    const own = { ...scope, folder: path.dirname(file), constants: new Map() };
    const { edits, left: stays } = moveTestFile({ file, text: before }, own, moved);
    left.push(...stays);
    if (edits.length > 0) changes.push({ file, before, after: applyEdits(before, edits) });
  }
  return { changes, left };
}

/** Sessions with the same statements share a flow. */
function nameFlows(tests: readonly MovedTest[], suite: SurveyedSuite) {
  const texts = tests.map((one) => ({ name: one.name, text: movedFlowText(one, suite) }));
  const isOne = new Set(texts.map(({ text }) => text)).size === 1;
  const flowOf = (text: string) =>
    isOne ? 'sign-in' : `sign-in-${texts.find((one) => one.text === text)?.name ?? ''}`;
  return {
    texts: new Map(texts.map(({ text }) => [flowOf(text), text])),
    nameOf: (name: string) => flowOf(texts.find((one) => one.name === name)?.text ?? ''),
  };
}
