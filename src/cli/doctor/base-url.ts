import { connect } from 'node:net';
import { publicUrl } from '../../core/public-url.js';
import { isThere } from '../terminal/maybe.js';
import { ok, warning, type Check, type Told } from './finding.js';

/** Whether flows have an address for their relative paths, and something answers at it. */
export const baseUrl: Check = {
  id: 'base-url',
  async examine({ sessions, description, context }) {
    if (!isThere(sessions) || !isThere(description)) return [];
    const { projects, webServer } = description.is;
    const flows = [...sessions.is.sessions.values()].filter(({ flow }) => flow);
    const dependent = flows.filter(({ baseURL }) => baseURL === undefined);
    const own = flows.flatMap(({ baseURL }) => baseURL ?? []);
    const shared = dependent.length > 0 ? projects.flatMap(({ baseURL }) => baseURL ?? []) : [];
    const isMissing = dependent.length > 0 && shared.length === 0;
    const isProxied =
      proxyVariables.some((name) => context.env[name]) ||
      projects.some(
        ({ plan }) => plan.launchOptions.proxy ?? plan.contextOptions.proxy ?? plan.connectOptions,
      );
    const addresses = [...new Set([...own, ...shared])].filter((url) => URL.canParse(url));
    const found = await Promise.all(
      addresses.map((url) => examineAddress(url, { webServer, isProxied, signal: context.signal })),
    );
    return [...(isMissing ? [missing(dependent.map(({ name }) => name))] : []), ...found];
  },
};

export interface ExamineAddressOptions {
  /** Whether runs start the application. */
  readonly webServer: boolean;
  /** Whether browsers reach it in another way than this process. */
  readonly isProxied: boolean;
  readonly signal: AbortSignal;
}

/** Connects to the host and port of an address, and sends nothing. */
export async function examineAddress(
  url: string,
  { webServer, isProxied, signal }: ExamineAddressOptions,
): Promise<Told> {
  const shown = publicUrl(url) ?? url;
  const why = isProxied ? undefined : await whyNoConnection(new URL(url), signal);
  if (why === undefined) return ok(`Base URL: ${shown}`);
  if (webServer) return ok(`Base URL: ${shown} (a run starts its webServer)`);
  return warning(
    `Nothing answers at ${shown}.`,
    'Start the application, or correct the base URL.',
    `A connection to it failed: ${why}.`,
  );
}

function missing(sessions: readonly string[]): Told {
  return warning(
    'No base URL is set.',
    "Set use.baseURL in the Playwright config, as in baseURL: 'http://localhost:3000'.",
    `Flows use paths relative to it. It is missing for ${sessions.join(', ')}.`,
  );
}

/** `undefined` if something listens there. */
function whyNoConnection(
  { hostname, port, protocol }: URL,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (protocol !== 'http:' && protocol !== 'https:') return Promise.resolve(undefined);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80), signal });
  return new Promise<string | undefined>((resolve) => {
    socket.setTimeout(timeoutMs, () => resolve(`no answer within ${timeoutMs / 1000} s`));
    socket.once('connect', () => resolve(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
  }).finally(() => socket.destroy());
}

const timeoutMs = 5000;
const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];
