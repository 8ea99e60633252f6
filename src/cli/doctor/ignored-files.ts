import { existsSync } from 'node:fs';
import path from 'node:path';
import { sessionDefaults } from '../../core/session-defaults.js';
import { reportsFolder } from '../../core/report-files.js';
import { above } from '../files/above.js';
import { isOpen } from '../files/add-local-keys.js';
import { askIgnored, findRepository } from '../files/git.js';
import { isThere } from '../terminal/maybe.js';
import { ok, trouble, warning, type Check, type Told } from './finding.js';
import type { Facts } from './gather-facts.js';

/** Whether Git ignores secret files and the output of runs. */
export const ignoredFiles: Check = {
  id: 'gitignore',
  async examine(facts) {
    const repository = await findRepository(facts.folder);
    const wanted = wantedOf(facts, repository);
    if (wanted.length === 0) return [];
    const answers = await Promise.all(
      wanted.map(async (one) => ({ ...one, answer: await askIgnored(facts.folder, one.probe) })),
    );
    if (answers.every(({ answer }) => answer === 'no repository')) return [noAnswer(facts.folder)];
    const open = answers.filter(({ answer, made }) => answer === 'not ignored' && !made);
    if (open.length === 0) return [ok('git: ignores the store, the local credentials and the reports')];
    return open.map(({ what, line, secret }) =>
      (secret ? trouble : warning)(
        `git does not ignore ${what}.`,
        `Add to ${line.startsWith('/') ? "the repository's " : ''}.gitignore: ${line}`,
        secret ? 'Its contents would be committed.' : 'Reports of a run would be committed.',
      ),
    );
  },
};

/** Git may be missing, or may reject a folder of another user, as in many containers. */
function noAnswer(folder: string): Told {
  const repository = above(folder, ['.git']);
  if (repository === undefined) return ok('git: not a repository');
  return warning(
    `git could not be asked about ${repository}.`,
    'Run "git status" there, and follow its advice.',
    'Ignored files and committed secrets were not checked.',
  );
}

/** Whether only their owner can read the local credentials. */
export const fileModes: Check = {
  id: 'file-modes',
  async examine({ sessions, folder }) {
    if (!isThere(sessions)) return [];
    const files = localFiles(sessions.is.options, folder).filter((file) => existsSync(file));
    const open: string[] = [];
    for (const file of files) if (await isOpen(file)) open.push(file);
    if (open.length === 0)
      return files.length > 0 ? [ok('Local credentials: readable only by their owner')] : [];
    return open.map((file) =>
      warning(`Other users of this machine can read ${file}.`, `Run: chmod 600 '${file}'`),
    );
  },
};

interface Wanted {
  readonly what: string;
  /** A path in it, which may not exist. */
  readonly probe: string;
  readonly line: string;
  readonly secret: boolean;
  /** The store creates its own `.gitignore`. */
  readonly made: boolean;
}

/** Paths outside the project's folder are relative to the repository. Git cannot ignore files outside it. */
function wantedOf({ sessions, description, folder }: Facts, repository = folder): Wanted[] {
  if (!isThere(sessions) || !isThere(description)) return [];
  const store = path.resolve(folder, sessions.is.options.store?.folder ?? sessionDefaults.storeFolder);
  const outputs = [path.join(folder, reportsFolder), ...description.is.outputFolders];
  const shown = (file: string) => path.relative(folder, file).replaceAll('\\', '/');
  const lineOf = (file: string) =>
    shown(file).startsWith('..') ? `/${path.relative(repository, file).replaceAll('\\', '/')}` : shown(file);
  const folderOf = (file: string, secret: boolean, made: boolean): Wanted => ({
    what: shown(file),
    probe: path.join(file, 'probe.jwe'),
    line: `${lineOf(file)}/`,
    secret,
    made,
  });
  return [
    folderOf(store, true, !existsSync(store)),
    ...localFiles(sessions.is.options, folder).map((file) => ({
      what: shown(file),
      probe: file,
      line: lineOf(file),
      secret: true,
      made: false,
    })),
    ...outermost(outputs).map((place) =>
      path.extname(place) === ''
        ? folderOf(place, false, false)
        : { what: shown(place), probe: place, line: lineOf(place), secret: false, made: false },
    ),
  ];
}

function outermost(folders: readonly string[]): string[] {
  return folders.filter(
    (one, index) =>
      folders.indexOf(one) === index &&
      !folders.some((other) => other !== one && one.startsWith(`${other}${path.sep}`)),
  );
}

/** The local credentials files, which may not exist. */
export function localFiles(
  { local }: { local?: { readonly files?: readonly string[] } },
  folder: string,
): string[] {
  return (local?.files ?? sessionDefaults.localFiles).map((file) => path.resolve(folder, file));
}
