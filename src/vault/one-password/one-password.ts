import { sessionDefaults } from '../../core/session-defaults.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { Vault, VaultCode } from '../../core/ports.js';
import {
  isItemReference,
  type EnvironmentReference,
  type ItemReference,
  type SecretReference,
} from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import { codeOfSeed } from '../local/seed-code.js';
import { createEnvironments } from './environments.js';
import { explainResolveError } from './explain-one-password-error.js';
import { readFiles } from './files.js';
import { inspectReach, reachUnknown } from './inspect-reach.js';
import { createItemLocations } from './item-locations.js';
import { createItemLists, type Ask } from './item-lists.js';
import { withItemReason } from './item-reasons.js';
import { createItemWebsites } from './item-websites.js';
import { createKnownFailures } from './known-failures.js';
import { createLogins, onlyCode } from './logins.js';
import { deviceOf } from './one-password-auth.js';
import { resolveInParts, type Answers } from './resolve-in-parts.js';
import { createSdkCalls } from './sdk-calls.js';
import { createSdkClient } from './sdk-client.js';
import { createSdkRequests } from './sdk-requests.js';
import { sdkText } from './sdk-text.js';
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
  const locations = createItemLocations();
  const failures = createKnownFailures();
  const { call, forgetFailures } = createSdkCalls({ client, requests, deadlineMs, clock, random });
  const ask: Ask = (act, signal) => call(act, { signal });
  const lists = createItemLists(ask);
  const logins = createLogins(lists, ask);
  const websites = createItemWebsites({ lists, locations, areWanted: needsWebsites });
  const environments = createEnvironments(call);

  async function askMany(references: readonly ItemReference[], signal?: AbortSignal): Promise<Answers> {
    const texts = references.map(sdkText);
    const { individualResponses } = await call(({ secrets }) => secrets.resolveAll(texts), { signal });
    const answers: Answers = new Map();
    for (const reference of references) {
      const { content, error } = individualResponses[sdkText(reference)] ?? {};
      if (content) {
        locations.learn(reference, content);
        answers.set(reference.text, new SecretValue(content.secret, reference.text));
      } else if (error && error.type !== 'other')
        answers.set(reference.text, explainResolveError(error, reference));
    }
    // References whose vault could not be listed because of a limit have no reason yet.
    const refusal = answers.size < references.length ? requests.refusal() : undefined;
    if (refusal) throw refusal;
    return answers;
  }

  async function askOne(
    reference: SecretReference,
    text: string,
    signal?: AbortSignal,
  ): Promise<SecretValue> {
    const value = await call(({ secrets }) => secrets.resolve(text), { reference, text, signal });
    return new SecretValue(value, reference.text);
  }

  /** Remembers why a reference cannot be resolved. The error of a login or a file has its reason. */
  async function explain(
    error: AuthSessionsError,
    reference: SecretReference,
    signal?: AbortSignal,
  ): Promise<AuthSessionsError> {
    const isPlain = isItemReference(reference) && !reference.purpose && reference.kind !== 'bytes';
    const explained = isPlain ? await withItemReason(error, reference, { lists, signal }) : error;
    failures.note(reference, explained);
    return explained;
  }

  async function readItems(references: readonly ItemReference[], signal?: AbortSignal): Promise<Answers> {
    const ofLogins = references.filter(({ purpose }) => purpose);
    const files = references.filter(({ kind }) => kind === 'bytes');
    const plain = references.filter(({ purpose, kind }) => !purpose && kind !== 'bytes');
    const found: Answers = ofLogins.length > 0 ? await logins.resolveAll(ofLogins, signal) : new Map();
    const asking = {
      many: (some: readonly ItemReference[]) => askMany(some, signal),
      one: (reference: ItemReference) => askOne(reference, sdkText(reference), signal),
    };
    if (plain.length > 0)
      for (const [text, answer] of await websites.addTo(await resolveInParts(plain, asking), plain, signal))
        found.set(text, answer);
    for (const [text, answer] of await readFiles(files, { lists, ask, signal })) found.set(text, answer);
    return found;
  }

  async function codeOfItem(reference: ItemReference, signal?: AbortSignal): Promise<SecretValue> {
    const read = (text: string) => askOne(reference, text, signal);
    const field = reference.purpose && onlyCode(reference, await logins.codesOf(reference, signal));
    const code = await (field ? read(field.text) : locations.at(reference, read));
    const sites = field ? field.websites : await websites.of(reference, signal);
    return new SecretValue(code.reveal(), code.label, { websites: sites });
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
      const found: Answers = await readItems(asked.filter(isItemReference), signal);
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
        return { code: await codeOfItem(reference, signal) };
      } catch (error) {
        throw error instanceof AuthSessionsError ? await explain(error, reference, signal) : error;
      }
    },
    hasCode: async (login, signal) =>
      !isItemReference(login) || (await logins.codesOf(login, signal)).length > 0,
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
      lists.forget();
      logins.forget();
      environments.forget();
      forgetFailures();
    },
  };
}

const usualDeadlineMs = sessionDefaults.deadlineSeconds * 1000;
