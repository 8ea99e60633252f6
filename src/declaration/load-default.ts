import { access } from 'node:fs/promises';
import type { Loader } from './create-loader.js';

/** A file's default export, or why there is none. */
export type LoadedDefault =
  | { readonly value: unknown }
  | { readonly isMissing: true }
  /** `why` has the first lines of the error, which show its place. */
  | { readonly cause: unknown; readonly why: string };

/** Loads a sessions file or a flow. */
export async function loadDefault(file: string, { load }: Loader): Promise<LoadedDefault> {
  if (!(await exists(file))) return { isMissing: true };
  try {
    return { value: defaultExport(await load(file)) };
  } catch (cause) {
    return { cause, why: `${firstLines(cause)}.` };
  }
}

/** Compilers wrap a default export once or twice. Some CommonJS modules are their own default, endlessly. */
function defaultExport(module: unknown): unknown {
  let value = module;
  for (let step = 0; step < maxDefaults; step += 1) {
    if (typeof value !== 'object' || value === null || !('default' in value)) break;
    value = value.default;
  }
  return value;
}

const maxDefaults = 5;

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The rest is the compiler's own stack. */
function firstLines(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split('\n').slice(0, 3).join(' ').trim().replace(/\.$/, '');
}
