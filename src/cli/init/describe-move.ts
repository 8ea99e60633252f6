import { existsSync } from 'node:fs';
import path from 'node:path';
import { localKey } from '../../vault/local/local-key.js';
import { askIgnored } from '../files/git.js';
import { parametersOf, referencesFor, type InitAnswers } from './answers.js';
import type { PlannedMove } from './plan-move.js';

/** What a person should know and do about a moved setup project. Names of values, and no value. */
export async function describeMove(
  { tests, done, left, unused }: PlannedMove,
  answers: InitAnswers,
  folder: string,
): Promise<readonly string[]> {
  const shown = (file: string) => path.relative(folder, file).replaceAll('\\', '/');
  const states = tests.filter(({ stateFile }) => existsSync(stateFile));
  const open = await Promise.all(
    states.map(async ({ stateFile }) => (await askIgnored(folder, stateFile)) === 'not ignored'),
  );
  return [
    ...left.map(({ file, line, why }) => `${shown(file)}:${line} stays as it is. ${why}`),
    ...(left.length > 0 && tests.length > 0 ? ['The setup project stays for what was not moved.'] : []),
    ...[...done, ...tests]
      .filter(({ file }) => !unused.includes(file))
      .map(
        ({ name, file, line }) =>
          `${shown(file)}:${line} has moved to the session "${name}": delete it there, or it still signs in before each run.`,
      ),
    ...tests.flatMap(({ name, file, line, lines, variables }) => {
      if (!answers.moved) return [];
      const references = referencesFor(name, answers);
      return parametersOf(name, answers).map((parameter, index) => {
        const from = variables[parameter] ?? `${parameter} in ${shown(file)}:${lines[parameter] ?? line}`;
        const reference = references[index];
        return `Copy the value of ${from} to ${reference ? localKey(reference) : ''} in .env.auth-sessions.`;
      });
    }),
    ...tests
      .filter(({ endsAt }) => endsAt === undefined)
      .map(
        ({ name }) =>
          `The flow of ${name} has no check, so its session is used for twelve hours, even if the application has ended it. Write one.`,
      ),
    ...unused.map((file) => {
      const literals = tests.some(
        (one) => one.file === file && one.literals.some(({ parameter }) => parameter !== 'username'),
      );
      const warning = ' It has values in plain text: if it was ever committed, change the password.';
      return `${shown(file)} is no longer used: delete it.${literals ? warning : ''}`;
    }),
    ...states.map(
      ({ name, stateFile }, index) =>
        `To keep the sign-in of ${name}, run "npx playwright-auth-sessions import ${name} ${shown(stateFile)}". ` +
        `Delete the file then: anyone holding it can use the session.${open[index] ? ' Git does not ignore it.' : ''}`,
    ),
  ];
}
