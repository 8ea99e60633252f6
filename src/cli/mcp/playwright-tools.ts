import { createRequire } from 'node:module';
import path from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { playwrightFolder } from '../../browser/load-playwright.js';
import { AuthSessionsError } from '../../core/errors.js';

/** A JSON-RPC 2.0 message in either direction. */
interface Message {
  readonly jsonrpc: '2.0';
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
}

/** The result of `createConnection`: a server that any transport can connect to. */
interface McpServer {
  connect(transport: Transport): Promise<void>;
  close(): Promise<void>;
}

interface Transport {
  start(): Promise<void>;
  send(message: Message): Promise<void>;
  close(): Promise<void>;
  onmessage?: (message: Message) => void;
  onclose?: () => void;
}

type CreateConnection = (config: object, contextGetter: () => Promise<BrowserContext>) => Promise<McpServer>;

/** A tool in the result of `tools/list`. */
export interface ListedTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: {
    readonly properties?: Readonly<Record<string, object>>;
    readonly required?: readonly string[];
  } & Readonly<Record<string, unknown>>;
}

export interface ToolAnswer {
  readonly content: readonly ({ readonly type: string; readonly text?: string } & Readonly<
    Record<string, unknown>
  >)[];
  readonly isError?: boolean;
}

/** The tools of Playwright's own MCP server, in this process. */
export interface PlaywrightTools {
  list(): Promise<readonly ListedTool[]>;
  call(name: string, parameters: object): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/**
 * Starts Playwright's MCP server in this process. It opens contexts with `contextGetter` on the first tool call, and
 * again after one closed. It has no port, file or process that would bypass our checks.
 *
 * The package `@playwright/mcp` exports the same function as `createConnection`, but would add a second Playwright of
 * another version. Matches Playwright 1.62.1 and 1.65.1.
 *
 * @throws AuthSessionsError `ERR_PLAYWRIGHT_UNKNOWN` if this Playwright has none
 */
export async function openPlaywrightTools(
  contextGetter: () => Promise<BrowserContext>,
  config: object = {},
): Promise<PlaywrightTools> {
  const server = await createConnection()({ ...config, ...quietConfig }, contextGetter);
  const waiting = new Map<number, (message: Message) => void>();
  let lastId = 0;
  const transport: Transport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    send(message) {
      if (typeof message.id === 'number' && message.method === undefined) waiting.get(message.id)?.(message);
      return Promise.resolve();
    },
  };
  await server.connect(transport);
  const tell = (message: Omit<Message, 'jsonrpc'>) => transport.onmessage?.({ jsonrpc: '2.0', ...message });
  const ask = async (method: string, parameters: object): Promise<unknown> => {
    const id = (lastId += 1);
    const { result, error } = await new Promise<Message>((resolve) => {
      waiting.set(id, resolve);
      tell({ id, method, params: parameters });
    });
    waiting.delete(id);
    if (error) throw new Error(error.message ?? 'no reason was given');
    return result;
  };
  await ask('initialize', {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: 'auth-sessions', version: '1' },
  });
  tell({ method: 'notifications/initialized' });
  return {
    list: async () => ((await ask('tools/list', {})) as { tools: ListedTool[] }).tools,
    call: async (name, parameters) =>
      (await ask('tools/call', { name, arguments: parameters })) as ToolAnswer,
    close: () => server.close(),
  };
}

/** From the Playwright that the rest of this package uses: strict package managers allow no other import. */
function createConnection(): CreateConnection {
  try {
    const playwright = createRequire(path.join(playwrightFolder(), 'package.json'));
    const { tools } = playwright('playwright-core/lib/coreBundle') as {
      tools?: { createConnection?: CreateConnection };
    };
    const { debug } = playwright('playwright-core/lib/utilsBundle') as { debug: { disable(): string } };
    // With DEBUG=pw:*, it would print each answer to standard error before redaction.
    debug.disable();
    if (typeof tools?.createConnection === 'function') return tools.createConnection;
  } catch {
    // Reported below.
  }
  throw new AuthSessionsError('ERR_PLAYWRIGHT_UNKNOWN', {
    failed: "Playwright's MCP server could not be started.",
    known: 'This version of Playwright does not have it in the same place as versions 1.62 to 1.65.',
    next: 'Use one of these versions, or report this with your version.',
  });
}

/**
 * Nothing is written to files: console output and snapshots would bypass redaction. No folder can be created below a
 * file.
 */
const quietConfig = {
  outputDir: createRequire(import.meta.url).resolve('@playwright/test/package.json') + '/none',
  saveSession: false,
  snapshot: { mode: 'none' },
  codegen: 'none',
  webmcp: false,
  redactUrlParams: [
    'access_token',
    'id_token',
    'refresh_token',
    'token',
    'code',
    'state',
    'ticket',
    'SAMLResponse',
  ],
};
const protocolVersion = '2025-06-18';
