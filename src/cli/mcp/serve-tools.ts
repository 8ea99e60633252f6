import type { Readable, Writable } from 'node:stream';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { packageVersion } from '../../credentials/package-version.js';
import type { GuardedTools } from './guarded-tools.js';

export interface ServeOptions {
  readonly session: string;
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
  readonly onError: (error: Error) => void;
}

/** Answers an agent on standard input and output, until it disconnects or the signal is aborted. */
export async function serveTools(
  tools: GuardedTools,
  { session, input, output, signal, onError }: ServeOptions,
): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    input.once('end', resolve).once('close', resolve);
    output.once('error', resolve);
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const transport = new StdioServerTransport(input, output);
  const handle = serveStdio(() => createServer(tools, session), { transport, onerror: onError });
  await ended;
  await handle.close();
}

function createServer(tools: GuardedTools, session: string): McpServer {
  const about = { name: 'auth-sessions', version: packageVersion() };
  const created = new McpServer(about, {
    capabilities: { tools: {} },
    instructions: `A browser signed in as "${session}". You do not need to sign in, and no credentials are visible. Secrets appear as [redacted:…].`,
  });
  created.server.setRequestHandler('tools/list', async () => ({ tools: (await tools.list()) as never }));
  created.server.setRequestHandler(
    'tools/call',
    async ({ params: { name, arguments: given = {} } }) => (await tools.call(name, given)) as never,
  );
  return created;
}
