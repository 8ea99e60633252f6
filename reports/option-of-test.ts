import type { TestCase } from '@playwright/test/reporter';

/** The value of an option as its test declares it. */
export type OptionOfTest =
  | { readonly state: 'set'; readonly value: unknown }
  /** The test's `test` function does not have the option. */
  | { readonly state: 'missing' }
  /** In UI mode and editors, another process has loaded the file. */
  | { readonly state: 'unknown' };

/**
 * What a test gets for an option, from its `test.extend`, its project's `use` and its `test.use`, in Playwright's order.
 * A value that a fixture function computes is that function. Uses Playwright's insides of 1.65.1:
 * tests/integration/sessions-required.spec.ts fails if they change.
 */
export function optionOfTest(test: TestCase, name: string): OptionOfTest {
  const lists = (test as TestCase & TestInsides)._testType?.fixtures;
  if (!lists || lists.length === 0) return { state: 'unknown' };
  const parents = parentsOf(test);
  const inProject = parents.map((suite) => suite.project()?.use).find((use) => use !== undefined) ?? {};
  const values: Given[] = [];
  for (const { fixtures } of lists) {
    if (!Object.hasOwn(fixtures, name)) continue;
    const value: unknown = Reflect.get(fixtures, name);
    give(values, valueIn(value), false);
    if (isOption(value) && Object.hasOwn(inProject, name)) give(values, Reflect.get(inProject, name), true);
  }
  if (values.length === 0) return { state: 'missing' };
  for (const { fixtures } of parents.flatMap((suite) => (suite as typeof suite & SuiteInsides)._use ?? []))
    if (Object.hasOwn(fixtures, name)) give(values, valueIn(Reflect.get(fixtures, name)), false);
  return { state: 'set', value: values.at(-1)?.value };
}

/** `undefined` means the project's value, or the option's default. */
function give(values: Given[], value: unknown, byProject: boolean): void {
  const original = value === undefined && (values.findLast((one) => one.byProject) ?? values[0]);
  values.push(original ? { value: original.value, byProject: false } : { value, byProject });
}

/** Outermost first. */
function parentsOf(test: TestCase): TestCase['parent'][] {
  const parents: TestCase['parent'][] = [];
  for (let suite: TestCase['parent'] | undefined = test.parent; suite; suite = suite.parent)
    parents.unshift(suite);
  return parents;
}

/** A fixture is a value, or a value with the options of the fixture. */
function valueIn(fixture: unknown): unknown {
  return isTuple(fixture) ? fixture[0] : fixture;
}

function isOption(fixture: unknown): boolean {
  return isTuple(fixture) && fixture[1].option === true;
}

function isTuple(fixture: unknown): fixture is [unknown, { readonly option?: boolean }] {
  return Array.isArray(fixture) && typeof fixture[1] === 'object' && fixture[1] !== null;
}

interface Given {
  readonly value: unknown;
  readonly byProject: boolean;
}

interface FixtureList {
  readonly fixtures: object;
}

interface TestInsides {
  readonly _testType?: { readonly fixtures?: readonly FixtureList[] };
}

interface SuiteInsides {
  readonly _use?: readonly FixtureList[];
}
