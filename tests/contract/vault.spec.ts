import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { systemClock } from '../../src/time/system-clock.js';
import { localKey } from '../../src/vault/local/local-key.js';
import { createLocalVault } from '../../src/vault/local/local.js';
import { login } from '../support/onepassword/index.js';
import { testVault } from '../support/vault/vault-contract.js';

testVault('1Password', ({ signedInBench: { vault, automation } }) =>
  Promise.resolve({
    vault,
    close: () => Promise.resolve(),
    set(title, field, value) {
      const known = automation.items.find((item) => item.title === title);
      if (known && (field !== 'one-time password' || known.contents.sections.length > 0))
        known.setField(field, value);
      else if (known) {
        const [username, password] = known.contents.formFields.map((one) => String(one.value));
        known.remove();
        automation.addItem(login({ title, username: username!, password: password!, totp: value }));
      } else
        automation.addItem(
          login({ title, ...(field === 'one-time password' ? { totp: value } : { [field]: value }) }),
        );
      return Promise.resolve();
    },
  }),
);

testVault(
  '1Password Environments',
  ({ signedInBench: { vault, account, environment } }) => {
    const elsewhere = account.addEnvironment({ name: 'out of reach' });
    return Promise.resolve({
      vault,
      close: () => Promise.resolve(),
      set(item, field, value) {
        environment.set(`${item}.${field}`, value);
        return Promise.resolve();
      },
      refer(text) {
        const [, , place, ...names] = text.split('/');
        const { id } = place === 'automation' ? environment : elsewhere;
        return parseSecretReference(`op-env://${id}/${names.join('.')}`);
      },
    });
  },
  { ignoresCase: false },
);

testVault('local test credentials', async ({ folder }) => {
  const file = path.join(folder, '.env.auth-sessions');
  await writeFile(file, '');
  return {
    vault: createLocalVault({ files: [file], folder, clock: systemClock }),
    close: () => Promise.resolve(),
    async set(item, field, value) {
      const key = localKey(parseSecretReference(`op://automation/${item}/${field}`));
      const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => !line.startsWith(`${key}=`));
      await writeFile(file, lines.join('\n'));
      await appendFile(file, `${key}='${value}'\n`);
    },
  };
});
