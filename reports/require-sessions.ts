import path from 'node:path';
import type { FullConfig, Suite, TestCase } from '@playwright/test/reporter';
import { sessionRequired } from '../src/core/session-required.js';
import { optionOfTest } from './option-of-test.js';

/**
 * Requires that each test names a session, or says `authSession: null`. A project says it for tests that have no such
 * option. Skipped tests do not count. In UI mode and editors, a test reports it when it starts.
 *
 * @throws AuthSessionsError `ERR_SESSION_REQUIRED`, with the place of the first test
 */
export function requireSessions({ rootDir }: Pick<FullConfig, 'rootDir'>, suite: Suite): Promise<void> {
  const all = suite.allTests().filter((test) => test.expectedStatus !== 'skipped' && choosesNothing(test));
  const [first] = all;
  if (!first) return Promise.resolve();
  const lines = all.map((test) => `${placeOf(test, rootDir)} › ${test.title}`);
  const withoutOption = all.some((test) => optionOfTest(test, option).state === 'missing');
  const error = sessionRequired([...new Set(lines)], { withoutOption });
  const { file, line, column } = first.location;
  // Reporters show the code at this place.
  error.stack = `${error.name}: ${error.message}\n    at ${file}:${line}:${column}`;
  return Promise.reject(error);
}

function choosesNothing(test: TestCase): boolean {
  const choice = optionOfTest(test, option);
  if (choice.state === 'set') return choice.value === undefined;
  return choice.state === 'missing' && projectChoice(test) !== null;
}

function projectChoice(test: TestCase): unknown {
  return Reflect.get(test.parent.project()?.use ?? {}, option);
}

function placeOf({ location: { file, line, column } }: TestCase, rootDir: string): string {
  return `${path.relative(rootDir, file)}:${line}:${column}`;
}

const option = 'authSession';
