import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Expression, Node, ObjectExpression, ObjectProperty } from '@babel/types';
import { parseModule } from './config-facts.js';
import { findObject } from './set-base-url.js';
import { constantsOf, keyOf, staticPath, type PathScope } from './static-path.js';
import { findExported, withoutTypes } from './wire-config.js';
import type { SurveyedSuite } from './survey-suite.js';

/** A Playwright project in a config's source. */
export interface ProjectNode {
  readonly node: ObjectExpression;
  readonly name: string | undefined;
  readonly dependencies: readonly string[];
}

/** A project that other projects depend on, to sign in. */
export interface SetupProject extends ProjectNode {
  readonly files: readonly string[];
  /** Whether it only has what a setup project has. */
  readonly isPlain: boolean;
}

export interface FoundSetup {
  readonly config: ObjectExpression;
  readonly scope: PathScope;
  readonly projects: readonly ProjectNode[];
  readonly setups: readonly SetupProject[];
}

/** The files of a suite's setup projects. */
export function setupFilesOf(suite: Pick<SurveyedSuite, 'configText' | 'folder'>): ReadonlySet<string> {
  return new Set(findSetupProjects(suite)?.setups.flatMap((one) => one.files));
}

/** The setup projects of a config's source, with their files. */
export function findSetupProjects({
  configText,
  folder,
}: Pick<SurveyedSuite, 'configText' | 'folder'>): FoundSetup | undefined {
  const body = parseModule(configText)?.program.body ?? [];
  const exported = findExported(body);
  const config = typeof exported === 'string' ? undefined : findObject(exported, body);
  const given = config && propertyOf(config, 'projects');
  const list = given && withoutTypes(given.value as Expression);
  if (!config || list?.type !== 'ArrayExpression') return undefined;
  const scope = { folder, root: folder, constants: constantsOf(body) };
  const projects = list.elements.flatMap((one) => (one?.type === 'ObjectExpression' ? [projectOf(one)] : []));
  const needed = new Set(projects.flatMap(({ dependencies }) => dependencies));
  const setups = projects
    .filter(({ name }) => name !== undefined && needed.has(name))
    .map((one) => setupOf(one, { config, scope }));
  return setups.some(({ files }) => files.length > 0) ? { config, scope, projects, setups } : undefined;
}

/** A property with a value, by its name. */
export function propertyOf(object: ObjectExpression, name: string): ObjectProperty | undefined {
  return object.properties.filter((one) => one.type === 'ObjectProperty').find((one) => keyOf(one) === name);
}

/** The files below a folder whose path matches; packages and hidden folders are left out. */
export function filesBelow(folder: string, matches: (file: string) => boolean): readonly string[] {
  const found: string[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined && found.length < mostFiles; next = folders.pop()) {
    if (!existsSync(next)) continue;
    for (const one of readdirSync(next, { withFileTypes: true })) {
      const at = path.join(next, one.name);
      if (one.isDirectory() && one.name !== 'node_modules' && !one.name.startsWith('.')) folders.push(at);
      if (one.isFile() && matches(at)) found.push(at);
    }
  }
  return found.toSorted();
}

function projectOf(node: ObjectExpression): ProjectNode {
  const name = propertyOf(node, 'name')?.value;
  const dependencies = propertyOf(node, 'dependencies')?.value;
  const elements = dependencies?.type === 'ArrayExpression' ? dependencies.elements : [];
  return {
    node,
    name: name?.type === 'StringLiteral' ? name.value : undefined,
    dependencies: elements.flatMap((one) => (one?.type === 'StringLiteral' ? [one.value] : [])),
  };
}

function setupOf(
  project: ProjectNode,
  { config, scope }: Pick<FoundSetup, 'config' | 'scope'>,
): SetupProject {
  const given = propertyOf(project.node, 'testDir') ?? propertyOf(config, 'testDir');
  const testDir = given ? staticPath(given.value, scope) : scope.root;
  const patterns = patternsOf(propertyOf(project.node, 'testMatch')?.value);
  const matches = (file: string) => patterns.some((one) => one.test(file.replaceAll('\\', '/')));
  return {
    ...project,
    files: testDir === undefined || patterns.length === 0 ? [] : filesBelow(testDir, matches),
    isPlain: project.node.properties.every(
      (one) => one.type === 'ObjectProperty' && ofSetup.has(keyOf(one) ?? ''),
    ),
  };
}

function patternsOf(node: Node | undefined): readonly RegExp[] {
  if (node?.type === 'ArrayExpression') return node.elements.flatMap((one) => (one ? patternsOf(one) : []));
  if (node?.type === 'StringLiteral') return [globPattern(node.value)];
  if (node?.type !== 'RegExpLiteral') return [];
  try {
    return [new RegExp(node.pattern, node.flags.replace(/[gy]/g, ''))];
  } catch {
    return [];
  }
}

/** `*`, `**` and names, anywhere in the path, as Playwright reads `testMatch`. */
function globPattern(glob: string): RegExp {
  const body = glob
    .replace(/^(?:\.\/)?/, '')
    .replaceAll(/[.+^$()|[\]\\{}]/g, '\\$&')
    .replaceAll(/\*\*\/|\*\*|\*|\?/g, (found) => globParts[found] ?? found);
  return new RegExp(`(?:^|/)${body}$`);
}

const globParts: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};
const ofSetup = new Set(['name', 'testMatch', 'testDir', 'use', 'timeout', 'retries']);
const mostFiles = 5000;
