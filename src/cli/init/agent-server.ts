import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileChange } from './file-change.js';
import { packageName, type SurveyedSuite } from './survey-suite.js';

/** The file with the tools of AI agents, and what to know about it. */
export interface AgentServer {
  readonly change: FileChange | undefined;
  /** For people: why nothing is written, or what else is in the file. */
  readonly notes: readonly string[];
}

/**
 * Adds the guarded browser of a session to `.mcp.json`, which Claude Code, VS Code and others read:
 * https://code.claude.com/docs/en/mcp#project-scope. Servers that are in the file stay.
 */
export async function planAgentServer(
  { repository, configFile }: Pick<SurveyedSuite, 'repository' | 'configFile'>,
  session: string,
): Promise<AgentServer> {
  const file = path.join(repository, '.mcp.json');
  const before = await readFile(file, 'utf8').catch(() => undefined);
  const content = before === undefined ? {} : readObject(before);
  const servers = content && readServers(content);
  if (!content || !servers)
    return { change: undefined, notes: ['.mcp.json is not the expected JSON, so it is left as it is.'] };
  const notes = runsTests(servers) ? [testAgents] : [];
  if (servers[serverName] !== undefined) return { change: undefined, notes };
  const inFolder = path.relative(repository, path.dirname(configFile)).replaceAll('\\', '/');
  const server = {
    command: 'npx',
    args: [packageName, 'mcp', session, ...(inFolder === '' ? [] : ['--config', inFolder])],
  };
  const after = { ...content, mcpServers: { ...servers, [serverName]: server } };
  return { change: { file, before, after: `${JSON.stringify(after, undefined, 2)}\n` }, notes };
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readServers({ mcpServers = {} }: Readonly<Record<string, unknown>>) {
  return isObject(mcpServers) ? mcpServers : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The server of `npx playwright init-agents`. */
function runsTests(servers: Readonly<Record<string, unknown>>): boolean {
  return JSON.stringify(servers).includes('run-test-mcp-server');
}

const serverName = 'signed-in-browser';
const testAgents =
  "Playwright's test agents run code in signed-in tests: see https://playwright.dev/docs/test-agents and docs/agents.md of this package.";
