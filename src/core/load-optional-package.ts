import { AuthSessionsError } from './errors.js';

/**
 * Loads an optional peer dependency on first use. `needer` begins the message: `An IMAP mailbox`.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`, which names the command that installs it
 */
export async function loadOptionalPackage<Package>(
  { name, needer }: { readonly name: string; readonly needer: string },
  load: () => Promise<Package>,
): Promise<Package> {
  try {
    return await load();
  } catch {
    throw new AuthSessionsError('ERR_CONFIG_INVALID', {
      failed: `${needer} needs the package ${name}.`,
      known: 'It is an optional peer dependency, and could not be loaded.',
      next: `Run: npm install --save-dev ${name}`,
    });
  }
}
