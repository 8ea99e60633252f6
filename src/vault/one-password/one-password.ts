import { sessionDefaults } from '../../core/session-defaults.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { Vault, VaultCode } from '../../core/ports.js';
import {
  isItemReference,
  type EnvironmentReference,
  type SecretReference,
} from '../../core/secret-reference.js';
import { codeOfSeed } from '../local/seed-code.js';
import { createEnvironments } from './environments.js';
import { inspectReach, reachUnknown } from './inspect-reach.js';
import { createItems } from './items.js';
import { createKnownFailures } from './known-failures.js';
import { deviceOf } from './one-password-auth.js';
import type { Answers } from './resolve-in-parts.js';
import { createSdkCalls } from './sdk-calls.js';
import { createSdkClient } from './sdk-client.js';
import { createSdkRequests } from './sdk-requests.js';
import type { OnePasswordVaultOptions } from './vault-options.js';

/**
 * A 1Password vault through the official SDK, with deadlines, retries and a request limit, which the SDK lacks. One
 * client per run. Failures have our codes and advice.
 */
export function createOnePasswordVault(options: OnePasswordVaultOptions): Vault {
  const {
    auth,
    clock,
    random,
    deadlineMs = usualDeadlineMs,
    maxRequests = sessionDefaults.maxVaultRequests,
    needsWebsites = () => false,
  } = options;
  const requests = createSdkRequests({
    device: deviceOf(auth),
    maxRequests,
    timeoutMs: deadlineMs,
    nowMs: () => clock.nowMs(),
  });
  const client = createSdkClient({ ...options, requests, deadlineMs });
  const failures = createKnownFailures();
  const { call, forgetFailures } = createSdkCalls({ client, requests, deadlineMs, clock, random });
  const items = createItems({ call, requests, needsWebsites });
  const environments = createEnvironments(call);

  /** Remembers why a reference cannot be resolved. */
  async function explain(
    error: AuthSessionsError,
    reference: SecretReference,
    signal?: AbortSignal,
  ): Promise<AuthSessionsError> {
    const explained = isItemReference(reference) ? await items.explain(error, reference, signal) : error;
    failures.note(reference, explained);
    return explained;
  }

  /** The variable has a seed, of which only its code leaves this process. */
  async function codeOfVariable(reference: EnvironmentReference, signal?: AbortSignal): Promise<VaultCode> {
    const seed = await environments.read(reference, signal);
    const { text: label, variable } = reference;
    const place = { name: label, fix: `Set ${variable} in the Environment in 1Password to the seed.` };
    return codeOfSeed(seed, { label, place, clock, onSecret: options.onSecret });
  }

  return {
    kind: 'one-password',
    async resolveAll(references, signal) {
      const answers: Answers = new Map();
      for (const reference of references) {
        const failure = failures.of(reference);
        if (failure) answers.set(reference.text, failure);
      }
      const asked = references.filter(({ text }) => !answers.has(text));
      if (asked.length === 0) return answers;
      const found: Answers = await items.resolveAll(asked.filter(isItemReference), signal);
      const variables = asked.filter((one) => one.source === 'environment');
      for (const [text, answer] of await environments.resolveAll(variables, signal)) found.set(text, answer);
      for (const reference of asked) {
        const answer = found.get(reference.text);
        if (answer instanceof AuthSessionsError)
          found.set(reference.text, await explain(answer, reference, signal));
      }
      return new Map([...answers, ...found]);
    },
    async readCode(reference, signal) {
      const failure = failures.of(reference);
      if (failure) throw failure;
      try {
        if (reference.source === 'environment') return await codeOfVariable(reference, signal);
        return { code: await items.readCode(reference, signal) };
      } catch (error) {
        throw error instanceof AuthSessionsError ? await explain(error, reference, signal) : error;
      }
    },
    hasCode: async (login, signal) => !isItemReference(login) || (await items.hasCode(login, signal)),
    // A person's own account can access everything that is theirs.
    ...(auth.kind !== 'desktop' && {
      inspectReach: (references: readonly SecretReference[], signal?: AbortSignal) =>
        auth.kind === 'workload'
          ? Promise.reject(reachUnknown())
          : inspectReach(references, (act) => call(act, { signal })),
    }),
    requestCount: () => requests.count(),
    requestsLeft: () => requests.left(),
    forgetFailures() {
      requests.forgetFailures();
      client.forgetFailures();
      failures.forgetFailures();
      items.forget();
      environments.forget();
      forgetFailures();
    },
  };
}

const usualDeadlineMs = sessionDefaults.deadlineSeconds * 1000;
