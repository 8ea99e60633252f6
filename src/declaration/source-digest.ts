import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** How a loader resolves an import: a path, or `undefined` if it finds none. */
export type ResolveImport = (specifier: string, importer: string) => string | undefined;

/**
 * A digest of a source file and everything it imports, so that a flow's shared steps count too. Follows relative paths,
 * and any name that `resolve` finds, such as tsconfig's `paths`. Packages in `node_modules` do not count: a new release
 * does not change the flow.
 */
export async function sourceDigest(file: string, resolve?: ResolveImport): Promise<string> {
  return digestSources(file, await readSources(file, resolve));
}

/** The texts that `sourceDigest` reads, by path. */
async function readSources(
  file: string,
  resolve: ResolveImport = () => undefined,
): Promise<ReadonlyMap<string, string>> {
  const sources = new Map<string, string>();
  await collect(file, resolve, sources);
  return sources;
}

/** The same on every system: jobs on several may share a store, and Git checks out other line ends on Windows. */
export function digestSources(
  file: string,
  sources: ReadonlyMap<string, string>,
  system: Pick<typeof path, 'relative' | 'dirname'> = path,
): string {
  const named = [...sources].map(
    ([name, text]) =>
      [
        name.replaceAll('\\', '/'),
        system.relative(system.dirname(file), name).replaceAll('\\', '/'),
        text.replaceAll('\r\n', '\n'),
      ] as const,
  );
  const hash = createHash('sha256');
  for (const [, name, text] of named.sort(([one], [other]) => (one < other ? -1 : 1)))
    hash.update(`${name}\0${text}\0`);
  return hash.digest('hex');
}

/** Digests files, each once, for flows that many sessions share. */
export interface SourceDigests {
  readonly digestOf: (file: string) => Promise<string>;
  /** All files that were read for a digest. */
  readonly files: ReadonlySet<string>;
}

export function createSourceDigests(resolve?: ResolveImport): SourceDigests {
  const digests = new Map<string, Promise<string>>();
  const files = new Set<string>();
  const digest = async (file: string) => {
    const sources = await readSources(file, resolve);
    for (const name of sources.keys()) files.add(name);
    return digestSources(file, sources);
  };
  return {
    files,
    digestOf(file) {
      const known = digests.get(file) ?? digest(file);
      digests.set(file, known);
      return known;
    },
  };
}

async function collect(file: string, resolve: ResolveImport, sources: Map<string, string>): Promise<void> {
  if (sources.has(file)) return;
  const text = await readFile(file, 'utf8');
  sources.set(file, text);
  for (const specifier of imports(text)) {
    const imported = /^\.{1,2}\//.test(specifier)
      ? await resolveSource(path.resolve(path.dirname(file), specifier))
      : await resolveNamed(specifier, file, resolve);
    if (imported !== undefined) await collect(imported, resolve, sources);
  }
}

/** Also matches imports in comments: an extra file in a digest is harmless. Type imports produce no code. */
function imports(text: string): string[] {
  const withoutTypes = text.replaceAll(typeImport, '');
  return [...withoutTypes.matchAll(/\b(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map(
    ([, specifier = '']) => specifier,
  );
}

/** Stops at the next import: the words may be in a comment, or `type` may be a name. */
const typeImport = /\bimport\s+type\s+(?!from\s*['"])(?:(?!\bimport\b)[^;'"])*?\bfrom\s*['"][^'"]+['"]/g;

/** Resolves as TypeScript does: `./x.js` may be `./x.ts`, and `./x` may be a folder with an index. */
async function resolveSource(target: string): Promise<string | undefined> {
  const base = target.replace(/\.[cm]?jsx?$/, '');
  const candidates = [
    target,
    ...['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.json'].map((extension) => base + extension),
    ...['.ts', '.js'].map((extension) => path.join(target, `index${extension}`)),
  ];
  for (const candidate of candidates) if (await isFile(candidate)) return candidate;
  return undefined;
}

/** A package of the same workspace is linked into `node_modules`. Its files are elsewhere, and count. */
async function resolveNamed(
  specifier: string,
  importer: string,
  resolve: ResolveImport,
): Promise<string | undefined> {
  const found = resolve(specifier, importer);
  if (found === undefined || !(await isFile(found))) return undefined;
  return (await realpath(found)).split(path.sep).includes('node_modules') ? undefined : found;
}

async function isFile(candidate: string): Promise<boolean> {
  return stat(candidate).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
