import type { AuthSessionsError } from '../../core/errors.js';
import type { ItemReference, SecretReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import { explainResolveError } from './explain-one-password-error.js';
import { readFiles } from './files.js';
import { createItemLists, type Ask } from './item-lists.js';
import { createItemLocations } from './item-locations.js';
import { withItemReason } from './item-reasons.js';
import { createItemWebsites } from './item-websites.js';
import { createLogins, onlyCode } from './logins.js';
import { resolveInParts, type Answers } from './resolve-in-parts.js';
import type { SdkCalls } from './sdk-calls.js';
import type { SdkRequests } from './sdk-requests.js';
import { sdkText } from './sdk-text.js';

/** The values of items: of fields, logins and files, each with the websites of its item if they are wanted. */
export interface Items {
  resolveAll(references: readonly ItemReference[], signal?: AbortSignal): Promise<Answers>;
  readCode(reference: ItemReference, signal?: AbortSignal): Promise<SecretValue>;
  hasCode(login: ItemReference, signal?: AbortSignal): Promise<boolean>;
  /** Says why a reference cannot be resolved, as that its item is archived. */
  explain(
    error: AuthSessionsError,
    reference: ItemReference,
    signal?: AbortSignal,
  ): Promise<AuthSessionsError>;
  /** Starts a new run: items may have changed. */
  forget(): void;
}

export interface ItemsOptions {
  readonly call: SdkCalls['call'];
  readonly requests: Pick<SdkRequests, 'refusal'>;
  readonly needsWebsites: (reference: ItemReference) => boolean;
}

export function createItems({ call, requests, needsWebsites }: ItemsOptions): Items {
  const ask: Ask = (act, signal) => call(act, { signal });
  const locations = createItemLocations();
  const lists = createItemLists(ask);
  const logins = createLogins(lists, ask);
  const websites = createItemWebsites({ lists, locations, areWanted: needsWebsites });

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

  async function resolveAll(references: readonly ItemReference[], signal?: AbortSignal): Promise<Answers> {
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

  async function readCode(reference: ItemReference, signal?: AbortSignal): Promise<SecretValue> {
    const read = (text: string) => askOne(reference, text, signal);
    const field = reference.purpose && onlyCode(reference, await logins.codesOf(reference, signal));
    const code = await (field ? read(field.text) : locations.at(reference, read));
    const sites = field ? field.websites : await websites.of(reference, signal);
    return new SecretValue(code.reveal(), code.label, { websites: sites });
  }

  return {
    resolveAll,
    readCode,
    hasCode: async (login, signal) => (await logins.codesOf(login, signal)).length > 0,
    // The error of a login or a file has its reason.
    explain: async (error, reference, signal) =>
      reference.purpose || reference.kind === 'bytes'
        ? error
        : withItemReason(error, reference, { lists, signal }),
    forget() {
      lists.forget();
      logins.forget();
    },
  };
}
