import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { MovedSession } from './answers.js';
import type { FileChange } from './file-change.js';
import { filesBelow, findSetupProjects, type FoundSetup } from './find-setup-projects.js';
import { moveConfigStates, removeSetups } from './move-config.js';
import type { StatesMoved } from './move-states.js';
import { moveTestFile } from './move-test-file.js';
import type { MoveOptions } from './move-options.js';
import { nameFlows } from './name-flows.js';
import { readSetups, type DoneTest, type MovedTest } from './read-setups.js';
import type { LeftInPlace } from './read-setup-file.js';
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
  /** Tests whose sessions were declared before. */
  readonly done: readonly DoneTest[];
}

/** `undefined` without a setup project. Its values are known to the redactor before anything is shown. */
export async function planMove(
  suite: SurveyedSuite,
  { redactor, flows: place, declared }: MoveOptions,
): Promise<PlannedMove | undefined> {
  const setup = findSetupProjects(suite);
  if (!setup) return undefined;
  const { tests, done, left } = await readSetups(setup, { redactor, declared });
  const moved = new Map([...done, ...tests].map(({ stateFile, name }) => [stateFile, name]));
  const nothing = {
    ...suite,
    changes: [],
    sessions: [],
    flowTexts: new Map(),
    left,
    unused: [],
    tests,
    done,
  };
  if (moved.size === 0) return nothing;
  const inConfig = moveConfigStates(setup, { configFile: suite.configFile, moved });
  // A move before has done the imports, except of tests that changed since.
  const everyImport = declared === undefined || inConfig.edits.length > 0;
  const inTests = await moveTests(setup, suite, { moved, everyImport });
  const leftInUse = [...inConfig.left, ...inTests.left];
  const isWhole = (files: readonly string[]) => !left.some(({ file }) => files.includes(file));
  const gone = leftInUse.length > 0 ? [] : setup.setups.filter((one) => one.isPlain && isWhole(one.files));
  const flows = nameFlows(tests, suite, place);
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
    done,
  };
}

async function moveTests(
  { setups, scope }: FoundSetup,
  suite: SurveyedSuite,
  { moved, everyImport }: { readonly moved: StatesMoved; readonly everyImport: boolean },
) {
  const besides = new Set([suite.configFile, ...setups.flatMap(({ files }) => files)]);
  const files = filesBelow(suite.folder, (file) => /\.[cm]?[jt]sx?$/.test(file) && !besides.has(file));
  const changes: FileChange[] = [];
  const left: LeftInPlace[] = [];
  for (const file of files) {
    const before = await readFile(file, 'utf8');
    if (!/@playwright\/test|storageState/.test(before)) continue;
    const own = { ...scope, folder: path.dirname(file), constants: new Map() };
    const { imports, edits, left: stays } = moveTestFile({ file, text: before }, own, moved);
    left.push(...stays);
    const all = everyImport || edits.length > 0 ? [...imports, ...edits] : [];
    if (all.length > 0) changes.push({ file, before, after: applyEdits(before, all) });
  }
  return { changes, left };
}
