import {
  readDeclaredSecrets,
  readVariable,
  type DeclaredSecret,
  type DeclaredSecrets,
  type Variables,
} from '../core/read-declared-secrets.js';
import { partsOfSecret } from '../redaction/parts-of-secret.js';
import { learnSecret } from './run-redactor.js';

type Listener = (declared: readonly DeclaredSecret[]) => void;

const learned = new Map<string, DeclaredSecret>();
const everSet = new Set<string>();
const listeners = new Set<Listener>();
let variables: DeclaredSecrets['variables'] = [];
let sinceMs: number | undefined;

/**
 * Registers the declared secrets in this process, a runner or a worker. Called while the config is loaded, before
 * anything is printed. Loading the config again adds new ones.
 *
 * @param options the third argument of `withAuthSessions`
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`
 */
export function declareSecrets(
  options: unknown,
  { env, nowMs }: { readonly env: Variables; readonly nowMs: number },
): void {
  const read = readDeclaredSecrets(options, env);
  ({ variables } = read);
  // Counts from the first declaration, also for a variable set later: no output in between is exempt.
  sinceMs ??= nowMs;
  learnAll(read.values);
  learnVariables(env);
}

/** Reads the variables again: a global setup or a dotenv file may have set some. */
export function learnVariables(env: Variables = process.env): void {
  const set = variables.flatMap(({ name: label }) => {
    const value = readVariable(label, env);
    return value === undefined ? [] : [{ label, value }];
  });
  for (const { label } of set) everSet.add(label);
  learnAll(set);
}

/** The declared secrets, with the parts that tests may use alone. */
export function declaredSecrets(): readonly DeclaredSecret[] {
  return [...learned.values()];
}

/** Calls the listener with all of them whenever there are more. Returns a function that stops it. */
export function onDeclared(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Variables that were never set in this process. */
export function unsetVariables(): DeclaredSecrets['variables'] {
  return variables.filter(({ name }) => !everSet.has(name));
}

function learnAll(declared: readonly DeclaredSecret[]): void {
  const before = learned.size;
  for (const { label, value } of declared)
    for (const one of learned.has(value) ? [] : [value, ...partsOfSecret(value, label)]) learn(label, one);
  if (learned.size > before) for (const listener of listeners) listener(declaredSecrets());
}

function learn(label: string, value: string): void {
  if (learned.has(value)) return;
  learned.set(value, { label, value });
  learnSecret({ label, value, kind: 'value', sinceMs: sinceMs ?? 0 });
}
