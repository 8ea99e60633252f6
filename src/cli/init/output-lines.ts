import path from 'node:path';
import type { Node } from '@babel/types';
import { outputFolders } from '../../../reports/output-folders.js';
import { isNamed, parseModule } from './config-facts.js';
import { reportsFolder } from '../../core/report-files.js';

/** Lines of `.gitignore` for the output of the config's reporters and Playwright, as far as its source has literals. */
export function outputLines(configText: string, folder: string): string[] {
  const file = parseModule(configText);
  if (!file) return [];
  const found: Found = { reporters: [], outputDirs: [] };
  look(file.program, found);
  const places = outputFolders({
    config: {
      reporter: found.reporters,
      projects: found.outputDirs.map((outputDir) => ({ outputDir })) as never,
    },
    folder,
    startedIn: folder,
    env: {},
    also: [],
  }).all;
  return places
    .map((place) => path.relative(folder, place).replaceAll('\\', '/'))
    .filter((place) => place !== '' && !place.startsWith('..') && !path.isAbsolute(place))
    .filter((place) => !`${place}/`.startsWith(`${reportsFolder}/`))
    .map((place) => `/${place}${path.extname(place) === '' ? '/' : ''}`);
}

interface Found {
  readonly reporters: [name: string, options: Record<string, string>][];
  readonly outputDirs: string[];
}

function look(node: unknown, found: Found): void {
  if (typeof node !== 'object' || node === null) return;
  const { type, key, value } = node as { type?: string; key?: Node; value?: SyntaxNode };
  if (type === 'ObjectProperty' && key && value) {
    if (isNamed(key, 'outputDir') && value.value !== undefined) found.outputDirs.push(value.value);
    if (isNamed(key, 'reporter')) readReporters(value, found);
  }
  for (const one of Object.values(node)) look(one, found);
}

/** `'html'`, `[['html', { … }], …]`, and either of them behind a condition. */
function readReporters(node: SyntaxNode, found: Found): void {
  if (node.type === 'StringLiteral' && node.value !== undefined) found.reporters.push([node.value, {}]);
  if (node.type === 'ConditionalExpression')
    for (const one of [node.consequent, node.alternate]) if (one) readReporters(one, found);
  if (node.type !== 'ArrayExpression') return;
  const [first, options] = node.elements ?? [];
  if (first?.type !== 'StringLiteral' || first.value === undefined)
    for (const one of node.elements ?? []) {
      if (one) readReporters(one, found);
    }
  else
    found.reporters.push([first.value, Object.fromEntries((options?.properties ?? []).flatMap(literalOf))]);
}

function literalOf({ key, value }: SyntaxProperty): [string, string][] {
  return key?.name !== undefined && value?.type === 'StringLiteral' && value.value !== undefined
    ? [[key.name, value.value]]
    : [];
}

/** A node of Babel's syntax tree. */
interface SyntaxNode {
  readonly type: string;
  readonly value?: string;
  readonly elements?: readonly (SyntaxNode | null)[];
  readonly properties?: readonly SyntaxProperty[];
  readonly consequent?: SyntaxNode;
  readonly alternate?: SyntaxNode;
}

interface SyntaxProperty {
  readonly key?: { readonly name?: string };
  readonly value?: SyntaxNode;
}
