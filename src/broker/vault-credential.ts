/** What must not reach workers and browsers, which inherit the runner's environment. */
export interface RunSecrets {
  readonly vaultCredential: { readonly value: string; readonly source: string } | undefined;
  readonly storeKey: string | undefined;
}

const credentialVariable = 'OP_SERVICE_ACCOUNT_TOKEN';
const keyVariable = 'AUTH_SESSIONS_KEY';

let kept: RunSecrets = { vaultCredential: undefined, storeKey: undefined };

/**
 * Takes the vault's credential and the store's key out of the environment, into this module alone. Called while
 * the config is loaded, before anything is started; again, it keeps what it has.
 */
export function takeSecretsOutOf(env: NodeJS.ProcessEnv): void {
  const token = take(env, credentialVariable);
  const storeKey = take(env, keyVariable);
  kept = {
    vaultCredential:
      token === undefined ? kept.vaultCredential : { value: token, source: credentialVariable },
    storeKey: storeKey ?? kept.storeKey,
  };
}

/** For the one who starts the broker. */
export function takenSecrets(): RunSecrets {
  return kept;
}

function take(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  Reflect.deleteProperty(env, name);
  return value === '' ? undefined : value;
}
