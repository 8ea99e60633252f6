import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findSetupProjects } from './find-setup-projects.js';
import type { SurveyedSuite } from './survey-suite.js';

/** A note for each file of a setup project that still saves a state, in a project that has its sessions. */
export async function leftSetups(
  suite: Pick<SurveyedSuite, 'configText' | 'folder'>,
): Promise<readonly string[]> {
  const files = new Set((findSetupProjects(suite)?.setups ?? []).flatMap((one) => one.files));
  const texts = await Promise.all(
    [...files].map(async (file) => ({ file, text: await readFile(file, 'utf8') })),
  );
  return texts
    .filter(({ text }) => text.includes('storageState'))
    .map(
      ({ file }) =>
        `${path.relative(suite.folder, file).replaceAll('\\', '/')} still signs in before each run. init moves only a ` +
        `project without sessions: move the rest by hand, as docs/recipes.md shows, then remove the setup project.`,
    );
}
