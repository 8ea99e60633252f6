import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { printable } from '../../core/printable.js';
import { registerLocalCredentials } from '../../credentials/register-local-credentials.js';
import { createRedactor } from '../../redaction/redactor.js';
import { changedFiles, findRepository, readTracked, trackedFiles, untrackedFiles } from '../files/git.js';
import { isThere } from '../terminal/maybe.js';
import { quotePath } from '../terminal/quote-path.js';
import { ok, trouble, warning, type Check, type Told } from './finding.js';
import type { Facts } from './gather-facts.js';
import { localFiles } from './ignored-files.js';

/**
 * Whether secrets are in git, or would be after the next `git add`: dotenv files, storage states, tokens, values of
 * sessions, and seeds of the local credentials. Searches the whole repository, of which the project may be a folder, as
 * it is on disk and in the index, ignored files excepted; but not its history.
 */
export const committedSecrets: Check = {
  id: 'committed-secrets',
  async examine(facts) {
    const repository = await findRepository(facts.folder);
    if (repository === undefined) return [];
    const tracked = await trackedFiles(repository);
    const { chosen, leftOut } = await chooseUntracked(repository, facts);
    if (tracked.length + chosen.length === 0) return [];
    const changed = new Set(await changedFiles(repository));
    const search = await searchFor(facts);
    const found: Told[] = [];
    for (const file of tracked) {
      facts.context.signal.throwIfAborted();
      const own = await readFileOf(repository, file);
      const staged = changed.has(file) ? await readTracked(repository, file) : undefined;
      const [what] = [own, staged].flatMap((content) => (content && whatIsIn(file, content, search)) ?? []);
      if (what !== undefined) found.push(committed(what, shownFile(repository, file, facts)));
    }
    for (const file of chosen) {
      facts.context.signal.throwIfAborted();
      const own = await readFileOf(repository, file);
      const what = own && whatIsIn(file, own, search);
      if (what !== undefined) found.push(uncommitted(what, shownFile(repository, file, facts)));
    }
    const searched = tracked.length + chosen.length;
    const result =
      found.length > 0 ? found : [ok(`git: no secrets in the ${searched} files of ${repository}`)];
    return [...result, ...(leftOut > 0 ? [notSearched(leftOut)] : [])];
  },
};

/** The untracked files to search, within limits: a folder of packages that is not ignored has many thousands. */
async function chooseUntracked(
  repository: string,
  facts: Facts,
): Promise<{ chosen: readonly string[]; leftOut: number }> {
  // Another check reports these.
  const local = isThere(facts.sessions) ? localFiles(facts.sessions.is.options, facts.folder) : [];
  const known = new Set(local.map((file) => path.relative(repository, file).replaceAll('\\', '/')));
  const untracked = (await untrackedFiles(repository)).filter((file) => !known.has(file));
  const chosen: string[] = [];
  let bytes = 0;
  for (const file of untracked.slice(0, mostUntracked)) {
    facts.context.signal.throwIfAborted();
    bytes += await sizeOf(path.join(repository, file));
    if (bytes > mostUntrackedBytes) break;
    chosen.push(file);
  }
  return { chosen, leftOut: untracked.length - chosen.length };
}

function shownFile(repository: string, file: string, { context }: Facts): string {
  return path.relative(context.folder, path.join(repository, file));
}

function committed(what: string, file: string): Told {
  return trouble(
    `git has ${what} in ${printable(file)}.`,
    `Change it where it is used, run git rm --cached ${quotePath(file)}, and add the file to .gitignore.`,
    'Anyone with the repository or its history can read it.',
  );
}

function uncommitted(what: string, file: string): Told {
  return trouble(
    `git does not ignore ${printable(file)}, which has ${what}.`,
    'Delete the file, or add it to .gitignore.',
    'The next "git add" would take it into the repository.',
  );
}

function notSearched(count: number): Told {
  return warning(
    `${count} files that git neither tracks nor ignores were not searched for secrets.`,
    'Add folders of packages and of output to .gitignore.',
    'There are too many of them.',
  );
}

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
    await registerLocalCredentials(sessions.is, { folder, redactor: secrets, undeclared: true }).catch(
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

async function readFileOf(repository: string, name: string): Promise<Buffer | undefined> {
  const file = path.join(repository, name);
  try {
    return (await sizeOf(file)) > 0 ? await readFile(file) : undefined;
  } catch {
    return undefined; // removed; the index is searched separately
  }
}

/** 0 for what is not searched. */
async function sizeOf(file: string): Promise<number> {
  try {
    const info = await lstat(file);
    return info.isFile() && info.size <= largestBytes ? info.size : 0;
  } catch {
    return 0;
  }
}

const largestBytes = 5 * 1024 * 1024;
const mostUntracked = 10_000;
const mostUntrackedBytes = 200 * 1024 * 1024;
