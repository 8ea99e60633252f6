import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { anotherAccount, localCredentials, quickAccounts } from '../support/signed-in-project.js';
import { createNestedProject, type NestedProject } from '../support/nested-run.js';
import type { SimulatedFlowOptions } from './simulated-flow.js';

/** A session of a simulated flow, and the account it signs in with. */
export interface SimulatedSession extends SimulatedFlowOptions {
  readonly name: string;
  /** [its name] */
  readonly account?: string;
}

export interface SimulatedProjectOptions {
  readonly siteUrl: string;
  readonly sessions: readonly SimulatedSession[];
  /** Options beside the sessions: source text. */
  readonly options?: string;
  /** Options of each session: source text. */
  readonly sessionOptions?: string;
  /** A pool `pooled` with so many accounts, which are only leased. [none] */
  readonly pool?: number;
  /** Whether credentials come from the dotenv file, and not from a vault. [true] */
  readonly local?: boolean;
}

export const poolName = 'pooled';

/** A project whose sessions sign in with simulated flows. */
export async function createSimulatedProject(options: SimulatedProjectOptions): Promise<NestedProject> {
  const { sessions, siteUrl, sessionOptions = '', pool, local = true } = options;
  const accounts = [...new Set(sessions.map(accountOf))];
  const flow = await readFile(path.join(import.meta.dirname, 'simulated-flow.ts'), 'utf8');
  const declared = sessions.map((session) => {
    const { name, waitMs, stateBytes = 0 } = session;
    const item = `op://automation/consultations-${accountOf(session)}`;
    return `${JSON.stringify(name)}: {
      flow: flowOf(${waitMs}, ${stateBytes}), baseURL: ${JSON.stringify(`${siteUrl}/${name}`)},
      parameters: { username: '${item}/username', password: '${item}/password', otp: '${item}/one-time password?attribute=otp' },
      ${sessionOptions}
    },`;
  });
  if (pool !== undefined)
    declared.push(`${poolName}: {
      flow: flowOf(1, 0), accounts: ${pool}, baseURL: ${JSON.stringify(`${siteUrl}/${poolName}`)},
      parameters: { username: 'op://automation/consultations-account\${account}/username' },
    },`);
  return createNestedProject({
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      import { simulatedFlow } from './simulated-flow.js';
      const flows = new Map();
      function flowOf(waitMs, stateBytes) {
        const key = waitMs + ' ' + stateBytes;
        if (!flows.has(key)) flows.set(key, simulatedFlow({ waitMs, stateBytes }));
        return flows.get(key);
      }
      export default defineAuthSessions({
        codes: { minRemainingSeconds: 1 },
        ${options.options ?? ''}
        sessions: {
          ${declared.join('\n')}
        },
      });`,
    'simulated-flow.ts': flow.replace("'../../fixtures/index.js'", "'@auth'"),
    ...(local && {
      '.env.auth-sessions': localCredentials(
        Object.fromEntries(accounts.map((name) => [name, anotherAccount(quickAccounts.admin, name)])),
      ),
    }),
  });
}

function accountOf({ name, account = name }: SimulatedSession): string {
  return account;
}
