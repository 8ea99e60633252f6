import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

interface Prettier {
  resolveConfig(file: string): Promise<object | null>;
  format(text: string, options: object): Promise<string>;
}

/** Formats with the project's own Prettier, if it has one. */
export async function formatSource(text: string, file: string): Promise<string> {
  try {
    const found = createRequire(file).resolve('prettier');
    const module = (await import(pathToFileURL(found).href)) as Prettier & { readonly default?: Prettier };
    const prettier = module.default ?? module;
    const config = await prettier.resolveConfig(file);
    return await prettier.format(text, { singleQuote: true, ...config, filepath: file });
  } catch {
    return text;
  }
}
