import type { CallExpression, Expression, Node, ObjectPattern, Statement } from '@babel/types';
import { isNamed, parseModule } from './config-facts.js';
import { readSetupBody, savedStateIn, type SetupBody } from './read-setup-body.js';
import { constantsOf, keyOf, type PathScope } from './static-path.js';
import { lineOf } from './syntax-edits.js';

/** A test of a setup project, as far as it can become a flow. */
export interface SetupTest extends SetupBody {
  readonly line: number;
}

/** What stays as it is, and why. */
export interface LeftInPlace {
  readonly file: string;
  readonly line: number;
  readonly why: string;
  /** The path of the state that it saves, if its source says so. */
  readonly stateFile?: string | undefined;
}

export interface ReadSetupFile {
  readonly tests: readonly SetupTest[];
  readonly left: readonly LeftInPlace[];
}

/** The sign-ins of a setup file. Runs nothing. */
export function readSetupFile(
  { file, text }: { readonly file: string; readonly text: string },
  scope: PathScope,
): ReadSetupFile {
  const module = parseModule(text);
  const stays = (line: number, why: string, stateFile?: string): LeftInPlace => ({
    file,
    line,
    why,
    stateFile,
  });
  if (!module) return { tests: [], left: [stays(1, 'It cannot be parsed.')] };
  const { body } = module.program;
  const names = namesOfTest(body);
  const own = new Map([...scope.constants, ...constantsOf(body)]);
  const tests: SetupTest[] = [];
  const left: LeftInPlace[] = [];
  for (const statement of body) {
    if (!isCode(statement)) continue;
    const call = callOf(statement);
    const read = call && names.some((name) => isNamed(call.callee, name)) ? functionOf(call) : undefined;
    const state = savedStateIn(statement, { ...scope, constants: own });
    const inside =
      read === undefined
        ? 'Only setup tests become flows, not hooks or other statements.'
        : typeof read === 'string'
          ? read
          : readSetupBody({ ...read, text, comments: module.comments ?? [] }, { ...scope, constants: own });
    if (typeof inside === 'string') left.push(stays(lineOf(statement), inside, state));
    else if ('why' in inside) left.push(stays(inside.line, inside.why, state));
    else tests.push({ ...inside, line: lineOf(statement) });
  }
  if (tests.length + left.length === 0) left.push(stays(1, 'It has no setup test.'));
  return { tests, left };
}

/** Declarations alone do nothing. */
function isCode({ type }: Statement): boolean {
  return !/^(?:Import|TS|Export|Function|Variable|Class)\w*Declaration$|^EmptyStatement$/.test(type);
}

/** The local names of Playwright's own `test`: one of a fixtures file may do more. */
function namesOfTest(body: readonly Statement[]): readonly string[] {
  return body.flatMap((one) => {
    if (one.type === 'ImportDeclaration')
      return one.source.value === '@playwright/test'
        ? one.specifiers.flatMap((each) =>
            each.type === 'ImportSpecifier' && isNamed(each.imported, 'test') ? [each.local.name] : [],
          )
        : [];
    return one.type === 'VariableDeclaration' ? one.declarations.flatMap(requiredNames) : [];
  });
}

function requiredNames({ id, init }: { readonly id: Node; readonly init?: Expression | null }): string[] {
  if (id.type !== 'ObjectPattern' || init?.type !== 'CallExpression' || !isNamed(init.callee, 'require'))
    return [];
  const [from] = init.arguments;
  if (from?.type !== 'StringLiteral' || from.value !== '@playwright/test') return [];
  return id.properties.flatMap((one) =>
    one.type === 'ObjectProperty' && keyOf(one) === 'test' && one.value.type === 'Identifier'
      ? [one.value.name]
      : [],
  );
}

function callOf(statement: Statement): CallExpression | undefined {
  if (statement.type !== 'ExpressionStatement') return undefined;
  return statement.expression.type === 'CallExpression' ? statement.expression : undefined;
}

/** The statements of `setup('…', async ({ page }) => { … })`, and its fixtures. */
function functionOf({ arguments: given }: CallExpression) {
  const act = given.at(-1);
  if (given.length !== 2 || (act?.type !== 'ArrowFunctionExpression' && act?.type !== 'FunctionExpression'))
    return 'It is not a title and a function.';
  if (act.body.type !== 'BlockStatement') return 'Its function has no block.';
  const [fixtures, ...others] = act.params;
  if (others.length > 0 || (fixtures && fixtures.type !== 'ObjectPattern'))
    return 'It takes more than fixtures.';
  const names = fixtures ? fixtureNames(fixtures) : [];
  const unknown = names.find((name) => !known.has(name));
  return unknown === undefined
    ? { block: act.body, fixtures: names }
    : `It uses the fixture "${unknown}", which a flow does not have.`;
}

function fixtureNames({ properties }: ObjectPattern): readonly string[] {
  return properties.map((one) =>
    one.type === 'ObjectProperty' && one.shorthand && one.value.type === 'Identifier' ? one.value.name : '…',
  );
}

const known = new Set(['page', 'context', 'request', 'baseURL']);
