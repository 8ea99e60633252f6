import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setupFilesOf } from './find-setup-projects.js';
import type { InitOptions } from './init-options.js';
import type { SurveyedSuite } from './survey-suite.js';

/** A note for each file of a setup project that still saves a state, in a project that has its sessions. */
export async function leftSetups(
  suite: Pick<SurveyedSuite, 'configText' | 'folder'>,
  { move: wasTried = false }: Pick<InitOptions, 'move'>,
): Promise<readonly string[]> {
  const texts = await Promise.all(
    [...setupFilesOf(suite)].map(async (file) => ({ file, text: await readFile(file, 'utf8') })),
  );
  return texts
    .filter(({ text }) => text.includes('storageState'))
    .map(
      ({ file }) =>
        `${path.relative(suite.folder, file).replaceAll('\\', '/')} still signs in before each run. ` +
        (wasTried ? byHand : byCommand),
    );
}

const byCommand =
  '"npx playwright-auth-sessions init --move" moves what it can read, and says what else to do.';
const byHand =
  'The sessions file computes its sessions, so init adds none: move the rest by hand, as docs/recipes.md shows.';
