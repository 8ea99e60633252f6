import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SecretValue } from '../../core/secret-value.js';
import { sessionNamePattern } from '../../core/validate-declaration.js';
import type { FoundSetup } from './find-setup-projects.js';
import type { MoveOptions } from './move-options.js';
import { readSetupFile, type LeftInPlace, type SetupTest } from './read-setup-file.js';
import { whyNoSessions } from './typed-names.js';

/** A setup test with the name of its session. */
export interface MovedTest extends SetupTest {
  readonly name: string;
  readonly file: string;
}

/** A setup test whose session is declared already: by a move before, or by hand. */
export interface DoneTest {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly stateFile: string;
}

export interface ReadSetups {
  readonly tests: readonly MovedTest[];
  readonly done: readonly DoneTest[];
  readonly left: readonly LeftInPlace[];
}

/** The tests of setup projects. The values that become parameters are registered. */
export async function readSetups(
  { setups, scope }: FoundSetup,
  { redactor, declared = [] }: Pick<MoveOptions, 'redactor' | 'declared'>,
): Promise<ReadSetups> {
  const tests: MovedTest[] = [];
  const done: DoneTest[] = [];
  const left: LeftInPlace[] = [];
  for (const file of new Set(setups.flatMap((one) => one.files))) {
    const own = { ...scope, folder: path.dirname(file), constants: new Map() };
    const read = readSetupFile({ file, text: await readFile(file, 'utf8') }, own);
    for (const one of read.left) {
      const name = one.stateFile === undefined ? undefined : nameOfState(one.stateFile);
      if (one.stateFile !== undefined && name !== undefined && declared.includes(name))
        done.push({ name, file, line: one.line, stateFile: one.stateFile });
      else left.push(one);
    }
    for (const one of read.tests) {
      const name = nameOfState(one.stateFile);
      for (const { parameter, value } of one.literals)
        if (parameter !== 'username') redactor.add(new SecretValue(value, `${name}.${parameter}`));
      const why = whyNoSession(name, [...declared, ...tests.map((each) => each.name)]);
      if (declared.includes(name)) done.push({ ...one, name, file });
      else if (why === undefined) tests.push({ ...one, name, file });
      else left.push({ file, line: one.line, why: `${why}.` });
    }
  }
  return { tests, done, left };
}

/** `playwright/.auth/admin.json`: `admin` */
function nameOfState(stateFile: string): string {
  return path.basename(stateFile, '.json').replaceAll(/[^\w.-]+/g, '-');
}

function whyNoSession(name: string, others: readonly string[]): string | undefined {
  return sessionNamePattern.test(name)
    ? whyNoSessions([...others, name])
    : `Its state "${name}" is no name of a session`;
}
