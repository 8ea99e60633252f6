import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createRedactor } from '../../core/redactor.js';
import { trackedFiles } from '../git.js';
import type { Facts } from './gather-facts.js';
import { ok, trouble, type Check } from './finding.js';

/** Whether git has secrets already: dotenv files, storage states, tokens, seeds, and values that sessions use. */
export const committedSecrets: Check = {
  id: 'committed-secrets',
  async examine(facts) {
    const files = await trackedFiles(facts.folder);
    if (files.length === 0) return [];
    const search = searchFor(facts);
    const found: { file: string; what: string }[] = [];
    for (const file of files) {
      facts.context.signal.throwIfAborted();
      const content = await read(file);
      const what = content && whatIsIn(file, content, search);
      if (what) found.push({ file: path.relative(facts.folder, file), what });
    }
    if (found.length === 0) return [ok(`git: no secrets in its ${files.length} files`)];
    return found.map(({ file, what }) =>
      trouble(
        `git has ${what} in ${file}.`,
        cure(file),
        'Whoever has the repository, now or its history later, has it.',
      ),
    );
  },
};

type Search = (content: Buffer) => string | undefined;

/** Names of accounts are no secrets in a repository. */
function searchFor({ references }: Facts): Search {
  const redactor = createRedactor();
  for (const value of references?.values ?? [])
    if (!/(user ?name|e-?mail|login)$/i.test(value.label)) redactor.add(value);
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
    return undefined; // removed, and not committed yet
  }
}

function cure(file: string): string {
  return `Change it where it is used, run "git rm --cached '${file}'", and have git ignore the file.`;
}

const largestBytes = 5 * 1024 * 1024;
