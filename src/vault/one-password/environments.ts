import type { Client } from '@1password/sdk';
import { AuthSessionsError } from '../../core/errors.js';
import type { EnvironmentReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import { unresolved } from './item-reasons.js';
import { isOfReferences, type Answers } from './resolve-in-parts.js';

/** Reads variables of 1Password Environments: all variables of an Environment with one call of the SDK. */
export interface Environments {
  /** Rejects if 1Password fails as a whole. */
  resolveAll(references: readonly EnvironmentReference[], signal?: AbortSignal): Promise<Answers>;
  /** One variable. @throws AuthSessionsError if it cannot be resolved */
  read(reference: EnvironmentReference, signal?: AbortSignal): Promise<SecretValue>;
  /** Starts a new run in the same process: an Environment that could not be read may be tried again. */
  forget(): void;
}

/** Sends a request to 1Password. `text` finds its failed requests. Rejects with an `AuthSessionsError`. */
type Call = <Result>(
  act: (client: Client) => Promise<Result>,
  about: { readonly text: string; readonly signal: AbortSignal | undefined },
) => Promise<Result>;

export function createEnvironments(call: Call): Environments {
  const failures = new Map<string, AuthSessionsError>();

  async function variables(
    id: string,
    signal?: AbortSignal,
  ): Promise<readonly Variable[] | AuthSessionsError> {
    const failure = failures.get(id);
    if (failure) return failure;
    try {
      return await call((client) => variablesOf(client, id), { text: `op-env://${id}`, signal });
    } catch (error) {
      if (!isOfReferences(error)) throw error;
      failures.set(id, error);
      return error;
    }
  }

  return {
    async resolveAll(references, signal) {
      const answers: Answers = new Map();
      for (const id of new Set(references.map(({ environment }) => environment))) {
        const found = await variables(id, signal);
        for (const reference of references.filter(({ environment }) => environment === id))
          answers.set(reference.text, answerOf(found, reference));
      }
      return answers;
    },
    async read(reference, signal) {
      const answer = answerOf(await variables(reference.environment, signal), reference);
      if (answer instanceof AuthSessionsError) throw answer;
      return answer;
    },
    forget: () => failures.clear(),
  };
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

async function variablesOf(client: Client, id: string): Promise<readonly Variable[]> {
  try {
    return (await client.environments.getVariables(id)).variables;
  } catch (error) {
    if (!(error instanceof Error) || !saidOfItemsToo.test(error.message)) throw error;
    throw new Error(`Environment: ${error.message}`, { cause: error });
  }
}

/** Errors that the SDK words as those of items or of a token. */
const saidOfItemsToo = /right permissions|resource not found|not authenticated|active state/;

function answerOf(
  found: readonly Variable[] | AuthSessionsError,
  reference: EnvironmentReference,
): SecretValue | AuthSessionsError {
  return found instanceof AuthSessionsError ? ofEnvironment(found, reference) : valueOf(found, reference);
}

/** Values that 1Password does not mask are secrets too. */
function valueOf(
  variables: readonly Variable[],
  reference: EnvironmentReference,
): SecretValue | AuthSessionsError {
  const { variable } = reference;
  const [found, ...others] = variables.filter(({ name }) => name === variable);
  if (!found) {
    const similar = variables.find(({ name }) => name.toLowerCase() === variable.toLowerCase());
    return unresolved(reference, 'ERR_VAULT_NOT_FOUND', {
      known: `Its Environment has ${countOf(variables)}, but no ${JSON.stringify(variable)}.`,
      next: similar
        ? `Write ${JSON.stringify(similar.name)}: names of variables are case-sensitive.`
        : 'Check the spelling of the name, or add the variable to the Environment in 1Password.',
    });
  }
  if (others.length > 0)
    return unresolved(reference, 'ERR_VAULT_AMBIGUOUS', {
      known: `Its Environment has ${others.length + 1} variables of this name.`,
      next: 'Rename or remove the others in 1Password.',
    });
  if (found.value !== '') return new SecretValue(found.value, reference.text);
  return unresolved(reference, 'ERR_VAULT_NOT_FOUND', {
    known: 'The variable is empty.',
    next: 'Fill it in in 1Password.',
  });
}

function countOf({ length }: readonly Variable[]): string {
  return length === 1 ? 'one variable' : `${length} variables`;
}

function ofEnvironment(error: AuthSessionsError, reference: EnvironmentReference): AuthSessionsError {
  const { failed, known, next } = error.explanation;
  return unresolved(reference, error.code, {
    known: [failed, known].filter((part) => part !== undefined).join(' '),
    next,
  });
}
