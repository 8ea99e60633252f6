import type { AuthSessionsError } from './errors.js';
import type { NamedSecret, SecretVariable } from './redact-options.js';
import { redactOptionError, validateRedactOptions, validateSecretValues } from './validate-redact-options.js';

/** A secret that belongs to no session. */
export interface DeclaredSecret {
  readonly label: string;
  readonly value: string;
}

export interface DeclaredSecrets {
  /** Variables that are read again later, because a global setup may set them. */
  readonly variables: readonly Required<SecretVariable>[];
  /** Values without surrounding white space, since files end with a newline. */
  readonly values: readonly DeclaredSecret[];
}

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads `redact` of the third argument of `withAuthSessions`, and calls its function.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`
 */
export function readDeclaredSecrets(options: unknown, env: Variables): DeclaredSecrets {
  const { environment, values } = validateRedactOptions(options);
  environment.forEach(({ name }, index) => refuseValueAsName(name, index, env));
  const listed = typeof values === 'function' ? validateSecretValues(call(values)) : values;
  const read = listed.map(declared);
  listed.forEach((one, index) => refuseSecretInName(one, index, read));
  return { variables: environment, values: read };
}

/** `undefined` if the variable is unset or empty: CI systems set missing secrets to an empty string. */
export function readVariable(name: string, env: Variables): string | undefined {
  const value: unknown = env[name]; // in `process.env`, `constructor` is a function
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function declared(one: string | NamedSecret, index: number): DeclaredSecret {
  return typeof one === 'string'
    ? { label: `redact.values ${index + 1}`, value: one.trim() }
    : { label: one.name, value: one.value.trim() };
}

/** Rejects `environment: [process.env.SHOP_API_KEY]`: names appear in every report. */
function refuseValueAsName(text: string, index: number, env: Variables): void {
  if (readVariable(text, env) !== undefined) return;
  const [name] = Object.entries(env).find(([, value]) => value?.trim() === text) ?? [];
  if (name === undefined) return;
  throw redactOptionError(['redact', 'environment', String(index)], {
    known: `It is the value of the variable ${name}, not its name.`,
    next: `Write '${name}'.`,
  });
}

function refuseSecretInName(one: string | NamedSecret, index: number, all: readonly DeclaredSecret[]): void {
  const isIn = ({ value }: DeclaredSecret) =>
    typeof one !== 'string' &&
    (one.name === value || (value.length >= shortestPart && one.name.includes(value)));
  if (!all.some(isIn)) return;
  throw redactOptionError(['redact', 'values', String(index), 'name'], {
    known: 'It contains one of the values, and reports show it.',
    next: 'Choose a name that says what the value is for.',
  });
}

function call(values: () => unknown): unknown {
  let returned: unknown;
  try {
    returned = values();
  } catch (error) {
    throw failed(`It threw ${kindOf(error)}. Its message is left out, as it may contain a value.`);
  }
  if (!isThenable(returned)) return returned;
  // Node prints an unhandled rejection with its message.
  Promise.resolve(returned).catch(() => undefined);
  throw redactOptionError(['redact', 'values'], {
    known: 'The function returned a promise, which the config cannot await.',
    next: 'Await the values in the config itself: redact: { values: await readValues() }.',
  });
}

function failed(known: string): AuthSessionsError {
  return redactOptionError(['redact', 'values'], {
    failed: 'failed',
    known,
    next: 'Call the function by itself to see why, and fix it.',
  });
}

/** A message may contain the value. A class name and a system error code do not. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return `a value of type ${typeof error}`;
  const code = 'code' in error ? String(error.code) : '';
  const name = /^[A-Z]\w{0,40}$/.test(error.constructor.name) ? error.constructor.name : 'Error';
  return /^E[A-Z]{2,20}$/.test(code) ? `${name} ${code}` : name;
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Shorter parts occur in other words by chance. */
const shortestPart = 6;
