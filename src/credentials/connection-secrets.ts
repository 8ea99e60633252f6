import path from 'node:path';

/**
 * Whether a variable belongs to a named vault connection, or to a vault other than 1Password. It is recognized by how it
 * begins: the names are in the sessions file, which the runner does not load. Any case counts, as on Windows.
 */
export function isOfConnection(variable: string): boolean {
  return /^(?:OP_SERVICE_ACCOUNT_TOKEN_(?!FILE$)|AUTH_SESSIONS_VAULT_)./i.test(variable);
}

/** The variables of these vaults, with absolute paths. Removes them from `env`. */
export function takeConnectionSecrets(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const taken: Record<string, string> = {};
  for (const variable of Object.keys(env).filter(isOfConnection)) {
    const value = env[variable]?.trim();
    const name = variable.toUpperCase();
    if (value) taken[name] = namesFile(name) ? path.resolve(value) : value;
    Reflect.deleteProperty(env, variable);
  }
  return taken;
}

/** Whether the value of such a variable is the path of a token's file, which is not secret. */
export function namesFile(variable: string): boolean {
  return /^OP_SERVICE_ACCOUNT_TOKEN_.*_FILE$/.test(variable);
}
