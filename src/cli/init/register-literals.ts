import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SecretValue } from '../../core/secret-value.js';
import type { Redactor } from '../../redaction/redactor.js';
import type { FileChange } from './file-change.js';
import { setupFilesOf } from './find-setup-projects.js';
import { secretsOfFile } from './mask-secrets.js';
import type { SurveyedSuite } from './survey-suite.js';

/**
 * Registers what looks like a secret in the files that are shown, and in those of setup projects, whether or not init
 * can read them: a password of a setup test that stays may be in a comment or a title that is shown.
 */
export async function registerLiterals(
  changes: readonly FileChange[],
  suite: Pick<SurveyedSuite, 'configText' | 'folder'>,
  redactor: Redactor,
): Promise<void> {
  const known = new Set([...redactor.secrets()].map((secret) => secret.reveal()));
  const register = (file: string, text: string, isSetup: boolean) => {
    for (const { value, line } of secretsOfFile(file, text, { isSetup })) {
      const place = path.relative(suite.folder, file).replaceAll('\\', '/');
      if (!known.has(value)) redactor.add(new SecretValue(value, `text in ${place}:${line}`));
      known.add(value);
    }
  };
  for (const file of setupFilesOf(suite)) register(file, await readFile(file, 'utf8'), true);
  for (const { file, before } of changes) if (before !== undefined) register(file, before, false);
}
