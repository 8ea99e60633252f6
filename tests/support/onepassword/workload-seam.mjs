/**
 * Stands between the unmodified SDK and the server of the tests under workload identity, where the SDK allows no other
 * way. Import it into a process, also with `NODE_OPTIONS=--import`.
 *
 * - The SDK always adds `https://` to the host in an integration key. On loopback, requests go by http.
 * - Variables come from an enclave that proves to be 1Password's, by a certificate of Amazon. The SDK signs in and asks
 *   for the configuration of the Environment; when it rejects the server's, this module answers in place of the rest.
 */
import { createRequire } from 'node:module';

const plainFetch = globalThis.fetch;
/**
 * The address and the access token of the last request for each Environment's configuration.
 *
 * @type {Map<string, { origin: string, authorization: string }>}
 */
const asked = new Map();

/** @type {typeof fetch} */
globalThis.fetch = async (input, init) => {
  if (!(input instanceof Request) || !input.url.startsWith(loopback)) return plainFetch(input, init);
  if (input.url.endsWith('/ExchangeToken')) standInForEnclave();
  const environment = /environment_id%20=%20%22([^%]+)%22/.exec(input.url)?.[1];
  const { origin } = new URL(input.url);
  const authorization = input.headers.get('authorization') ?? '';
  if (environment !== undefined) asked.set(environment, { origin, authorization });
  const { method, headers, signal } = input;
  const body = input.body ? await input.arrayBuffer() : null;
  return plainFetch(
    new Request(input.url.replace('https:', 'http:'), { method, headers, signal, body }),
    init,
  );
};

let isStandingIn = false;

/** The SDK looks `invoke` up at each call. It is loaded by then: it has made a request. */
function standInForEnclave() {
  if (isStandingIn) return;
  isStandingIn = true;
  /** @type {{ invoke: (text: string) => Promise<string> }} */
  const core = createRequire(import.meta.url)('@1password/sdk-core');
  const { invoke } = core;
  core.invoke = async (text) => {
    try {
      return await invoke(text);
    } catch (error) {
      if (!String(error).includes('invalid credential broker configuration id')) throw error;
      return readFromServer(environmentIn(text));
    }
  };
}

/** @param {string} text What the SDK asks its core for. */
function environmentIn(text) {
  /** @type {{ invocation: { parameters: { parameters: { environment_id: string } } } }} */
  const { invocation } = JSON.parse(text);
  return invocation.parameters.parameters.environment_id;
}

/** @param {string} environment */
async function readFromServer(environment) {
  const { origin = '', authorization = '' } = asked.get(environment) ?? {};
  // As a request of the SDK, so that it is counted and limited like one.
  const request = new Request(`${origin}/-/enclave/${environment}`, { headers: { authorization } });
  const answer = await globalThis.fetch(request).catch(() => fail('reqwest library: error sending request'));
  return answer.ok ? answer.text() : fail('confidential computing request failed');
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  // oxlint-disable-next-line typescript/only-throw-error -- the core throws its errors as text
  throw JSON.stringify({ name: 'Internal', message });
}

const loopback = 'https://127.0.0.1:';
