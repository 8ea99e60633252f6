import type { Client } from '@1password/sdk';
import type { AuthSessionsError } from '../core/errors.js';
import type { Vault } from '../core/ports.js';
import { SecretValue } from '../core/secret-value.js';
import { explainOnePasswordError, explainResolveError } from './explain-one-password-error.js';
import { withinDeadline } from './within-deadline.js';

export interface OnePasswordVaultOptions {
  /** A service account's token. */
  readonly token: SecretValue;
  /** Under these, 1Password's usage report lists the requests. */
  readonly integrationName: string;
  readonly integrationVersion: string;
  /** For one call of the SDK, which has no time limit of its own. [15000] */
  readonly deadlineMs?: number;
}

/** References per `resolveAll`, as 1Password's server takes items in batches of 50. */
const batchSize = 50;

/**
 * A 1Password vault through the official SDK, with one client per run. The SDK is loaded on first use: it is
 * 14 MB of WebAssembly that a run with warm sessions never needs.
 */
export function createOnePasswordVault(options: OnePasswordVaultOptions): Vault {
  const { deadlineMs = 15_000 } = options;
  let connecting: Promise<Client> | undefined;
  let requests = 0;

  async function call<Result>(
    act: (client: Client) => Promise<Result>,
    reference: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    try {
      connecting ??= withinDeadline(connect(options), {
        deadlineMs,
        signal,
        doing: 'signing in to 1Password',
      });
      const client = await connecting;
      return await withinDeadline(act(client), { deadlineMs, signal, doing: 'reading from 1Password' });
    } catch (error) {
      connecting = undefined;
      signal?.throwIfAborted();
      throw explainOnePasswordError(error, reference);
    }
  }

  return {
    kind: 'one-password',
    async resolveAll(references, signal) {
      const answers = new Map<string, SecretValue | AuthSessionsError>();
      for (let start = 0; start < references.length; start += batchSize) {
        const batch = references.slice(start, start + batchSize);
        requests += 1;
        const { individualResponses } = await call(
          (client) => client.secrets.resolveAll(batch.map(({ text }) => text)),
          undefined,
          signal,
        );
        for (const { text } of batch) {
          const response = individualResponses[text];
          const secret = response?.content?.secret;
          answers.set(
            text,
            secret === undefined ? explainResolveError(response?.error, text) : new SecretValue(secret, text),
          );
        }
      }
      return answers;
    },
    async readCode({ text }, signal) {
      requests += 1;
      const code = await call((client) => client.secrets.resolve(text), text, signal);
      return { code: new SecretValue(code, text) };
    },
    requestCount: () => requests,
  };
}

async function connect({
  token,
  integrationName,
  integrationVersion,
}: OnePasswordVaultOptions): Promise<Client> {
  const { createClient } = await import('@1password/sdk');
  return createClient({ auth: token.reveal(), integrationName, integrationVersion });
}
