import {
  readDeclaredSecrets,
  readVariable,
  type DeclaredSecret,
  type DeclaredSecrets,
  type Variables,
} from '../core/read-declared-secrets.js';
import { partsOfSecret } from '../redaction/parts-of-secret.js';
import { registerSecret } from './register-secrets.js';
import { processMemory } from './process-memory.js';

/**
 * Registers the declared secrets in this process, a runner or a worker. Loading the config again adds new ones.
 *
 * @param options the third argument of `withAuthSessions`
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`
 */
export function declareSecrets(
  options: unknown,
  { env, nowMs }: { readonly env: Variables; readonly nowMs: number },
): void {
  const read = readDeclaredSecrets(options, env);
  processMemory.variables = read.variables;
  // Counts from the first declaration, also for a variable set later: no output in between is exempt.
  processMemory.declaredSinceMs ??= nowMs;
  registerAll(read.values);
  registerVariables(env);
}

/** Registers what another process has read from the config, parts included. */
export function registerDeclared(declared: readonly DeclaredSecret[], nowMs: number): void {
  processMemory.declaredSinceMs ??= nowMs;
  for (const { label, value } of declared) register(label, value);
}

/** Reads the declared variables again. */
export function registerVariables(env: Variables = process.env): void {
  const set = processMemory.variables.flatMap(({ name: label }) => {
    const value = readVariable(label, env);
    return value === undefined ? [] : [{ label, value }];
  });
  for (const { label } of set) processMemory.everSet.add(label);
  registerAll(set);
}

/** The declared secrets, with the parts that tests may use alone. */
export function declaredSecrets(): readonly DeclaredSecret[] {
  return [...processMemory.declared.values()];
}

/** Calls the listener with all of them whenever there are more. Returns a function that stops it. */
export function onDeclared(listener: (declared: readonly DeclaredSecret[]) => void): () => void {
  const { declaredListeners } = processMemory;
  declaredListeners.add(listener);
  return () => void declaredListeners.delete(listener);
}

/** Variables that were never set in this process. */
export function unsetVariables(): DeclaredSecrets['variables'] {
  const { variables, everSet } = processMemory;
  return variables.filter(({ name }) => !everSet.has(name));
}

function registerAll(declared: readonly DeclaredSecret[]): void {
  const { declared: known, declaredListeners } = processMemory;
  const before = known.size;
  for (const { label, value } of declared)
    for (const one of known.has(value) ? [] : [value, ...partsOfSecret(value, label)]) register(label, one);
  if (known.size > before) for (const listener of declaredListeners) listener(declaredSecrets());
}

function register(label: string, value: string): void {
  if (processMemory.declared.has(value)) return;
  processMemory.declared.set(value, { label, value });
  registerSecret({ label, value, kind: 'value', sinceMs: processMemory.declaredSinceMs ?? 0 });
}
