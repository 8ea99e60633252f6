import { accountsFlow, type AccountsSite } from './accounts-site.js';
import { createNestedProject, type NestedProject } from './nested-run.js';
import { suiteConfig } from './suite-config.js';

/** A project whose session `solo` is exclusive, whose session `few` allows two uses, and whose pool `customer` has accounts `pool-1` to `pool-n`. */
export async function createAccountsProject(
  site: AccountsSite,
  { accounts, tests = {} }: { readonly accounts: number; readonly tests?: Readonly<Record<string, string>> },
): Promise<NestedProject> {
  const numbers = Array.from({ length: accounts }, (_, index) => index + 1);
  return createNestedProject({
    'package.json': '{ "type": "module", "name": "pooled" }',
    'playwright.config.ts': suiteConfig(site.url, 'fullyParallel: true'),
    'auth-sessions.ts': `
      import { defineAuthFlow, defineAuthSessions } from '@auth';
      import flow from './flow.js';
      export default defineAuthSessions({
        sessions: {
          solo: { flow, exclusive: true, parameters: { username: 'op://qa/solo/username', password: 'op://qa/solo/password' } },
          few: { flow, maxConcurrentUses: 2, parameters: { username: 'op://qa/few/username', password: 'op://qa/few/password' } },
          customer: {
            flow, accounts: ${accounts},
            parameters: { username: 'op://qa/pool-\${account}/username', password: 'op://qa/pool-\${account}/password' },
          },
        },
      });`,
    'flow.ts': accountsFlow,
    '.env.auth-sessions': ['solo', 'few', ...numbers.map((number) => `pool-${number}`)]
      .flatMap((item) => {
        const name = `QA__${item.toUpperCase().replace('-', '_')}`;
        return [`${name}__USERNAME=name-of-${item}`, `${name}__PASSWORD=password-of-${item}`];
      })
      .join('\n'),
    ...Object.fromEntries(Object.entries(tests).map(([name, text]) => [`tests/${name}`, text])),
  });
}
