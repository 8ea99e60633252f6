import type { Vault } from '../../../src/core/ports.js';
import { parseSecretReference } from '../../../src/core/secret-reference.js';
import { SecretValue } from '../../../src/core/secret-value.js';
import { login, type Item } from '../onepassword/index.js';
import type { OnePasswordBench } from './one-password-bench.js';

export const username = parseSecretReference('op://automation/admin/username');
export const password = parseSecretReference('op://automation/admin/password');
export const code = parseSecretReference('op://automation/admin/one-time password?attribute=otp');
/** As 1Password makes them; of nothing. */
export const unknownId = 'a'.repeat(26);
export const adminValues: readonly string[] = ['ada.lovelace', 'correct horse'];

export function addAdmin({ automation }: OnePasswordBench): Item {
  return automation.addItem(
    login({ title: 'admin', username: 'ada.lovelace', password: 'correct horse', totp: 'JBSWY3DPEHPK3PXP' }),
  );
}

/** User name and password, as the vault answers them. @throws what it answers instead of one */
export async function readAdmin(vault: Vault): Promise<readonly string[]> {
  const answers = await vault.resolveAll([username, password]);
  return [username, password].map(({ text }) => {
    const answer = answers.get(text);
    if (answer instanceof SecretValue) return answer.reveal();
    throw answer ?? new Error('no answer');
  });
}
