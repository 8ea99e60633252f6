import { readFile } from 'node:fs/promises';
import { AuthSessionsError } from '../core/errors.js';

/**
 * Reads the PEM file of a private authority.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`
 */
export async function readAuthority(
  file: string,
  { option, relativeTo }: { readonly option: string; readonly relativeTo: string },
): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AuthSessionsError('ERR_CONFIG_INVALID', {
      failed: `${option} cannot be read: ${file}`,
      known: `The system says ${error instanceof Error && 'code' in error ? String(error.code) : 'no more'}.`,
      next: `Correct the path, which is relative to ${relativeTo}.`,
    });
  }
}
