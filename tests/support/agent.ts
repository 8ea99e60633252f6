import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { canaries, canaryFlow, type CanarySite } from './canary-site.js';
import { commandLine } from './command-line.js';
import { browserUse, cleanEnvironment, createNestedProject, type NestedProject } from './nested-run.js';
import { testKey } from './test-key.js';

/** An agent: the official client, and every answer it got. */
export interface Agent {
  readonly client: Client;
  readonly heard: string[];
  readonly stderr: () => string;
  readonly pid: number;
  /** The texts of an answer. */
  call(name: string, given?: Readonly<Record<string, unknown>>): Promise<string>;
}

export const token = 'ops_canary-of-the-vault-credential';
export const storeKey = Buffer.from(testKey('agent'), 'hex').toString('base64');

/** A project with the sessions `ada` and `other` of a site that shows everything it knows. */
export function createCanaryProject(site: CanarySite): Promise<NestedProject> {
  return createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        use: { baseURL: ${JSON.stringify(site.url)}, launchOptions: ${browserUse()} },
      }));`,
    'flow.ts': canaryFlow,
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      // Standard output is the protocol.
      console.log('the sessions file prints');
      process.stdout.write('past the console');
      setInterval(() => process.stdout.write('later\\n'), 10).unref();
      const parameters = { password: 'op://vault/ada/password', otp: 'op://vault/ada/one-time password?attribute=otp' };
      export default defineAuthSessions({
        environment: 'local',
        codes: { minRemainingSeconds: 1 },
        sessions: { ada: { flow: './flow.ts', parameters }, other: { flow: './flow.ts', parameters } },
      });`,
    '.env.auth-sessions': `VAULT__ADA__PASSWORD='${canaries.password}'\nVAULT__ADA__ONE_TIME_PASSWORD='otpauth://totp/a?secret=${canaries.seed}&period=4'\n`,
    'notes.txt': 'nothing of interest',
  });
}

/** Starts `auth-sessions …` as an agent's program does. */
export async function startAgent(args: readonly string[], folder: string): Promise<Agent> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [commandLine(), ...args],
    cwd: folder,
    env: environment(folder),
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const heard: string[] = [];
  const client = new Client({ name: 'agent', version: '1.0.0' });
  await client.connect(transport);
  return {
    client,
    heard,
    stderr: () => stderr,
    pid: transport.pid ?? 0,
    async call(name, given = {}) {
      const answer = await client.callTool({ name, arguments: given }).catch((error: unknown) => ({
        content: [{ type: 'text', text: String(error) }],
      }));
      heard.push(JSON.stringify(answer));
      const parts = answer.content as { type: string; text?: string }[];
      heard.push(parts.map(({ text }) => text ?? '').join('\n'));
      return heard.at(-1) ?? '';
    },
  };
}

function environment(folder: string): Record<string, string> {
  const all = cleanEnvironment(
    { OP_SERVICE_ACCOUNT_TOKEN: token, AUTH_SESSIONS_KEY: storeKey, DEBUG: 'pw:mcp*' },
    folder,
  );
  return Object.fromEntries(
    Object.entries(all).filter((one): one is [string, string] => one[1] !== undefined),
  );
}

/** Stretches of canaries in a text: of ten signs and more, though not the whole. */
export function stretchesOfCanaries(text: string): string[] {
  const found = new Set<string>();
  for (const value of Object.values(canaries))
    for (let start = 0; start + stretch <= value.length; start += 1)
      if (text.includes(value.slice(start, start + stretch))) found.add(value.slice(start, start + stretch));
  return [...found];
}

const stretch = 10;

/** Every canary, in every form it can be written in. */
export function knownCanaries(site: CanarySite) {
  const redactor = createRedactor();
  for (const [name, value] of Object.entries(canaries)) redactor.add(new SecretValue(value, name));
  for (const value of [token, storeKey, ...site.rotated]) redactor.add(new SecretValue(value, 'other'));
  for (const code of site.codes) redactor.add(new SecretValue(code, 'code', { kind: 'code' }));
  return redactor;
}
