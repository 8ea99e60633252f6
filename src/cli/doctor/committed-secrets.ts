import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { printable } from '../../core/printable.js';
import { createRedactor } from '../../redaction/redactor.js';
import { knowLocalCredentials } from '../../credentials/know-local-credentials.js';
import { changedFiles, findRepository, readTracked, trackedFiles } from '../files/git.js';
import { quotePath } from '../terminal/quote-path.js';
import type { Facts } from './gather-facts.js';
import { isThere } from '../terminal/maybe.js';
import { ok, trouble, type Check } from './finding.js';

/**
 * Whether secrets are already in git: dotenv files, storage states, tokens, values of sessions, and seeds of the local
 * credentials. Searches the whole repository, of which the project may be a folder, as it is on disk and in the index;
 * but not its history.
 */
export const committedSecrets: Check = {
  id: 'committed-secrets',
  async examine(facts) {
    const repository = await findRepository(facts.folder);
    const files = repository === undefined ? [] : await trackedFiles(repository);
    if (repository === undefined || files.length === 0) return [];
    const changed = new Set(await changedFiles(repository));
    const search = await searchFor(facts);
    const found: { file: string; what: string }[] = [];
    for (const file of files) {
      facts.context.signal.throwIfAborted();
      const own = await read(path.join(repository, file));
      const staged = changed.has(file) ? await readTracked(repository, file) : undefined;
      const [what] = [own, staged].flatMap((content) => (content && whatIsIn(file, content, search)) ?? []);
      if (what !== undefined) found.push({ file: path.join(repository, file), what });
    }
    if (found.length === 0) return [ok(`git: no secrets in the ${files.length} files of ${repository}`)];
    return found.map(({ file, what }) => {
      const shown = path.relative(facts.context.folder, file);
      return trouble(
        `git has ${what} in ${printable(shown)}.`,
        `Change it where it is used, run git rm --cached ${quotePath(shown)}, and add the file to .gitignore.`,
        'Anyone with the repository or its history can read it.',
      );
    });
  },
};

type Search = (content: Buffer) => string | undefined;

/** Account names are not secret in a repository. */
async function searchFor({ references, sessions, folder }: Facts): Promise<Search> {
  const redactor = createRedactor();
  const secrets: Pick<typeof redactor, 'add'> = {
    add: (value) => {
      if (!/(user ?name|e-?mail|login)$/i.test(value.label)) redactor.add(value);
    },
  };
  for (const value of references?.values ?? []) secrets.add(value);
  // Other checks report a file that cannot be read.
  if (isThere(sessions))
    await knowLocalCredentials(sessions.is, { folder, redactor: secrets, undeclared: true }).catch(
      () => undefined,
    );
  return (content) => {
    const [hit] = redactor.search(content);
    return hit && `the value of ${hit.label}`;
  };
}

function whatIsIn(file: string, content: Buffer, search: Search): string | undefined {
  const text = content.toString('latin1');
  const name = path.basename(file);
  if (
    /^\.env(\.|$)/.test(name) &&
    !/example|sample|template|defaults|dist$/i.test(name) &&
    /^\s*(export\s+)?[\w.-]+\s*=\s*\S/m.test(text)
  )
    return 'a dotenv file with values';
  if (/ops_eyJ[\w-]{100,}/.test(text)) return 'a service account token';
  if (name.endsWith('.json') && isStorageState(text)) return 'a storage state';
  return search(content);
}

function isStorageState(text: string): boolean {
  try {
    const { cookies, origins } = JSON.parse(text) as { cookies?: unknown; origins?: unknown };
    return Array.isArray(origins) && Array.isArray(cookies) && cookies.length + origins.length > 0;
  } catch {
    return false;
  }
}

async function read(file: string): Promise<Buffer | undefined> {
  try {
    const info = await lstat(file);
    return info.isFile() && info.size <= largestBytes ? await readFile(file) : undefined;
  } catch {
    return undefined; // removed; the index is searched separately
  }
}

const largestBytes = 5 * 1024 * 1024;
