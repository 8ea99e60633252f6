import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/**
 * A script of this repository as JavaScript, with all that it imports of it: started with a loader of TypeScript, each
 * process spends most of its time on that. A script that reads files beside itself needs the loader.
 */
export function plainScript(script: string): string {
  const texts = new Map<string, string>();
  translate(script, texts);
  const folder = path.join(scripts, digest(texts));
  for (const [file, text] of texts) writeOnce(path.join(folder, file), text);
  writeOnce(path.join(folder, 'package.json'), '{ "type": "module" }');
  return path.join(folder, placeOf(script));
}

function translate(file: string, texts: Map<string, string>): void {
  const place = placeOf(file);
  if (texts.has(place)) return;
  const text = ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions }).outputText;
  texts.set(place, text);
  for (const { fileName } of ts.preProcessFile(text).importedFiles)
    if (fileName.startsWith('.'))
      translate(path.resolve(path.dirname(file), fileName).replace(/\.js$/, '.ts'), texts);
}

function placeOf(file: string): string {
  return path.relative(repository, file).replace(/\.ts$/, '.js');
}

function digest(texts: ReadonlyMap<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify([...texts]))
    .digest('hex')
    .slice(0, 16);
}

/** Whole from the first moment: another worker may write the same. */
function writeOnce(file: string, text: string): void {
  if (existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, file);
}

const compilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
} as const;
const repository = path.resolve(import.meta.dirname, '../..');
/** Below the packages, which the scripts import. */
const scripts = path.join(repository, 'node_modules/.cache/plain-scripts');
