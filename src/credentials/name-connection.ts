import { AuthSessionsError } from '../core/errors.js';
import type { Vault, VaultReach } from '../core/ports.js';
import { restateError } from '../core/restate-error.js';
import { tokenVariables, type ConnectionName } from '../core/vault-connection.js';

/** A vault whose errors name its connection, and the variables and options of that connection. */
export function nameConnection(vault: Vault, name: ConnectionName): Vault {
  if (name === undefined) return vault;
  const named = (error: unknown): unknown =>
    error instanceof AuthSessionsError ? restate(error, name) : error;
  const during = async <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      throw named(error);
    });
  return {
    ...vault,
    async resolveAll(references, signal) {
      const answers = await during(vault.resolveAll(references, signal));
      return new Map(
        [...answers].map(([text, answer]) => [
          text,
          answer instanceof AuthSessionsError ? restate(answer, name) : answer,
        ]),
      );
    },
    readCode: (reference, signal) => during(vault.readCode(reference, signal)),
    hasCode: async (login, signal) => during(vault.hasCode?.(login, signal) ?? Promise.resolve(true)),
    ...(vault.inspectReach && {
      inspectReach: async (references, signal) =>
        during(vault.inspectReach?.(references, signal) ?? Promise.resolve(nothing)),
    }),
  };
}

function restate(error: AuthSessionsError, name: string): AuthSessionsError {
  const { code, session, reference, cause } = error;
  const { failed, known, next } = error.explanation;
  const explanation = {
    failed: withItsNames(failed, name),
    known: known && withItsNames(known, name),
    next: withItsNames(next, name),
  };
  return restateError({ code, explanation }, `Vault connection "${name}"`, { session, reference, cause });
}

/** Replaces the variables and options of the suite's own vault. References, in quotes, stay as they are. */
function withItsNames(text: string, name: string): string {
  const { token, tokenFile } = tokenVariables(name);
  const own: Readonly<Record<string, string>> = {
    OP_SERVICE_ACCOUNT_TOKEN: token,
    OP_SERVICE_ACCOUNT_TOKEN_FILE: tokenFile,
    'onePassword.': `vaults.${name}.`,
  };
  return text.replaceAll(
    /"[^"]*"|\bOP_SERVICE_ACCOUNT_TOKEN(?:_FILE)?\b|\bonePassword\./g,
    (found) => own[found] ?? found,
  );
}

const nothing: VaultReach = { unused: [], excess: [] };
