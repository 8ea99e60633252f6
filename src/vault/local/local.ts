import path from 'node:path';
import { AuthSessionsError } from '../../core/errors.js';
import type { Clock, Vault } from '../../core/ports.js';
import type { SecretReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import { toBase64, type LocalValue } from './base64-values.js';
import { keyToWrite, localKey } from './local-key.js';
import { readDotenv } from './read-dotenv.js';
import { codeOfSeed } from './seed-code.js';

export interface LocalVaultOptions {
  /** Dotenv files; later ones override earlier ones. They may be missing. */
  readonly files: readonly string[];
  /** Base of relative paths in messages. */
  readonly folder: string;
  readonly clock: Clock;
  /** Called with a seed before it is used for a code. */
  readonly onSecret?: (secret: SecretValue) => void;
}

/**
 * Local test credentials: resolves the same references from dotenv files, by `localKey`. Reads the files for each
 * request, so that edits count at once. Changes no environment variables.
 */
export function createLocalVault({ files, folder, clock, onSecret }: LocalVaultOptions): Vault {
  const shown = files.map((file) => path.relative(folder, file) || file);

  async function readAll(): Promise<LocalCredentials> {
    const all = await Promise.all(files.map(readDotenv));
    const isThere = all.some((one) => one !== undefined);
    return { values: Object.assign({}, ...all) as Record<string, LocalValue>, files: shown, isThere };
  }

  return {
    kind: 'local',
    async resolveAll(references, signal) {
      signal?.throwIfAborted();
      const credentials = await readAll();
      return new Map(references.map((reference) => [reference.text, answer(reference, credentials)]));
    },
    async readCode(reference, signal) {
      signal?.throwIfAborted();
      const seedText = answer(reference, await readAll());
      if (seedText instanceof AuthSessionsError) throw seedText;
      const label = localKey(reference);
      const place = {
        name: `${label} (${shown.join(', ')})`,
        fix: `Write the seed as the value of ${label}, in quotes.`,
      };
      return codeOfSeed(seedText, { label, place, clock, onSecret });
    },
    async hasCode(login, signal) {
      signal?.throwIfAborted();
      return answer(login, await readAll()) instanceof SecretValue;
    },
    locate: (reference) => `${keyToWrite(reference)} in ${shown.join(', ')}`,
    requestCount: () => 0,
  };
}

interface LocalCredentials {
  readonly values: Readonly<Record<string, LocalValue>>;
  readonly files: readonly string[];
  /** Whether one of the files exists. */
  readonly isThere: boolean;
}

function answer(
  reference: SecretReference,
  { values, files, isThere }: LocalCredentials,
): SecretValue | AuthSessionsError {
  const key = localKey(reference);
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  if (value !== undefined && value.length > 0) {
    if (reference.kind === 'bytes') return new SecretValue(toBase64(value), key);
    return typeof value === 'string' ? new SecretValue(value, key) : notText(reference, key);
  }
  return new AuthSessionsError(
    'ERR_LOCAL_CREDENTIAL_MISSING',
    {
      failed: `No local credential exists for "${reference.text}".`,
      known: isThere
        ? `Its key ${key} is ${value === undefined ? 'missing' : 'empty'} in ${files.join(', ')}.`
        : `These files do not exist: ${files.join(', ')}.`,
      next:
        value === undefined
          ? `Write the line ${keyToWrite(reference)}='…' into ${files.at(-1) ?? 'the file'}, which Git must ignore. Or add all keys: npx playwright-auth-sessions local init.`
          : `Fill in the value of ${keyToWrite(reference)}, in quotes.`,
    },
    { reference: reference.text },
  );
}

function notText({ text }: SecretReference, key: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_VALUE_UNUSABLE',
    {
      failed: `The local credential of "${text}" is not text.`,
      known: `Its key ${key} has other bytes in Base64.`,
      next: 'Add ?encoding=base64 to the reference, or write a text.',
    },
    { reference: text },
  );
}
