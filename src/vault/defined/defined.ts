import {
  isVaultError,
  VaultError,
  type DefinedVault,
  type VaultCodeAnswer,
  type VaultReference,
} from '../../core/defined-vault.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { Clock, Vault, VaultCode } from '../../core/ports.js';
import { isItemReference, type ItemReference, type SecretReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import { codeOfSeed } from '../local/seed-code.js';
import { createDefinedCalls } from './defined-calls.js';
import { broken, explainReference, explainVault, isReferenceProblem } from './defined-troubles.js';

export interface DefinedVaultOptions {
  readonly definition: DefinedVault;
  /** The values of the variables that it names. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** 0 to 1, as `Math.random`: for the pauses between retries. */
  readonly random: () => number;
  /** Makes what its author writes into errors safe to show. */
  readonly redact: (text: string) => string;
  /** Called with a seed before it is used for a code. */
  readonly onSecret?: ((secret: SecretValue) => void) | undefined;
}

/**
 * A vault that the sessions file defines. Its functions get and return plain strings; secrets, errors, limits and codes
 * of seeds are made here.
 */
export function createDefinedVault(options: DefinedVaultOptions): Vault {
  const { definition, clock, onSecret } = options;
  const { name, deadlineSeconds, maxVaultRequests } = definition;
  const subject = { name, redact: options.redact };
  const calls = createDefinedCalls({
    ...options,
    ...subject,
    deadlineMs: deadlineSeconds === undefined ? undefined : deadlineSeconds * 1000,
    maxRequests: maxVaultRequests,
  });

  async function resolveAll(references: readonly SecretReference[], signal?: AbortSignal) {
    const answers = new Map<string, SecretValue | AuthSessionsError>();
    const asked = references.filter(isItemReference).filter(({ kind }) => kind !== 'ssh-key');
    for (const reference of references)
      if (reference.source !== 'item' || reference.kind === 'ssh-key')
        answers.set(reference.text, explainReference(whyUnsupported(reference), reference, subject));
    if (asked.length === 0) return answers;
    const given: unknown = await calls.call(
      (call) => definition.resolveAll(asked.map(toPublic), call),
      signal,
    );
    if (!(given instanceof Map) && !isVaultError(given)) throw broken(name, 'resolveAll returned no Map.');
    for (const reference of asked)
      answers.set(
        reference.text,
        toAnswer(given instanceof Map ? given.get(reference.text) : given, reference),
      );
    return answers;
  }

  function toAnswer(answer: unknown, reference: SecretReference): SecretValue | AuthSessionsError {
    if (answer instanceof Uint8Array && reference.kind !== 'bytes')
      return explainReference(areBytes, reference, subject);
    if ((typeof answer === 'string' || answer instanceof Uint8Array) && answer.length > 0)
      return new SecretValue(textOf(answer, reference), reference.text);
    if (answer === undefined) return explainReference(notThere, reference, subject);
    if (typeof answer === 'string' || answer instanceof Uint8Array)
      return explainReference(isEmpty, reference, subject);
    if (!isVaultError(answer))
      throw broken(name, `resolveAll returned a value of type ${typeof answer}, not text.`);
    if (isReferenceProblem(answer.problem)) return explainReference(answer, reference, subject);
    throw explainVault(answer, answer, subject);
  }

  async function seedOrCode(reference: SecretReference, signal?: AbortSignal): Promise<VaultCodeAnswer> {
    if (!isItemReference(reference)) throw explainReference(whyUnsupported(reference), reference, subject);
    if (definition.readCode) {
      const answer = await calls.call(
        async (call) => definition.readCode?.(toPublic(reference), call),
        signal,
      );
      if (isVaultError(answer)) throw explainReference(answer, reference, subject);
      if (isCodeAnswer(answer)) return answer;
      throw broken(name, 'readCode returned neither { code } nor { seed }.');
    }
    const answer = (await resolveAll([{ ...reference, kind: 'value' }], signal)).get(reference.text);
    if (answer instanceof SecretValue) return { seed: answer.reveal() };
    throw answer ?? explainReference(notThere, reference, subject);
  }

  async function readCode(reference: SecretReference, signal?: AbortSignal): Promise<VaultCode> {
    const answer = await seedOrCode(reference, signal);
    const { text } = reference;
    if ('code' in answer) return { ...answer, code: new SecretValue(answer.code, `${text}.code`) };
    const seed = new SecretValue(answer.seed, text);
    const fix = `Correct the value in ${name}${definition.readCode ? ', or what readCode gives as { seed }' : ''}.`;
    return codeOfSeed(seed, { label: text, place: { name: `${text} (${name})`, fix }, clock, onSecret });
  }

  return {
    kind: 'defined',
    resolveAll,
    readCode,
    async hasCode(login, signal) {
      try {
        await seedOrCode(login, signal);
        return true;
      } catch (error) {
        if (error instanceof AuthSessionsError && error.code === 'ERR_VAULT_NOT_FOUND') return false;
        throw error;
      }
    },
    ...(definition.inspectReach && {
      async inspectReach(references: readonly SecretReference[], signal?: AbortSignal) {
        const reach = await calls.call(
          async (call) => definition.inspectReach?.(references.filter(isItemReference).map(toPublic), call),
          signal,
        );
        if (isVaultError(reach)) throw explainVault(reach, undefined, subject);
        return { unused: reach?.unused ?? [], excess: reach?.excess ?? [] };
      },
    }),
    requestCount: () => calls.count(),
    requestsLeft: () => calls.left(),
    forgetFailures: () => calls.forgetFailures(),
  };
}

function whyUnsupported({ source }: SecretReference): VaultError {
  return source === 'item' ? noFormats : noEnvironments;
}

function toPublic({ text, vault, item, section, field }: ItemReference): VaultReference {
  return { text, vault, item, section, field };
}

/** With `?encoding=base64`, the bytes of a file or of a text in Base64, as other vaults give them. */
function textOf(answer: string | Uint8Array, { kind }: SecretReference): string {
  return typeof answer === 'string' && kind !== 'bytes'
    ? answer
    : Buffer.from(answer as string).toString('base64');
}

function isCodeAnswer(answer: unknown): answer is VaultCodeAnswer {
  if (typeof answer !== 'object' || answer === null) return false;
  const [text] = 'code' in answer ? [answer.code] : 'seed' in answer ? [answer.seed] : [];
  return typeof text === 'string' && text !== '';
}

const notThere = new VaultError('not-found');
const isEmpty = new VaultError('not-found', 'The value is empty.');
const noFormats = new VaultError(
  'invalid-reference',
  'It does not convert keys: remove "?ssh-format=openssh".',
);
const areBytes = new VaultError('invalid-reference', 'It gave bytes: add ?encoding=base64 to the reference.');
const noEnvironments = new VaultError('invalid-reference', 'It has no Environments of 1Password.');
