import path from 'node:path';
import { secretLiterals, type SecretLiteral } from './secret-literals.js';
import { applyEdits } from './syntax-edits.js';

/** A file's text as it may be shown: without the values that look like secrets. Lines stay lines. */
export function maskSecrets(file: string, text: string): string {
  const edits = secretsOfFile(file, text).map(({ start, end }) => {
    const said = text.slice(start, end);
    const [quote = ''] = /^['"`]/.exec(said) ?? [];
    return { start, end, text: `${quote}[redacted]${'\n'.repeat(said.split('\n').length - 1)}${quote}` };
  });
  return applyEdits(text, edits);
}

/** What looks like a secret in a source, in JSON or in a dotenv file. */
export function secretsOfFile(
  file: string,
  text: string,
  options?: Parameters<typeof secretLiterals>[1],
): readonly SecretLiteral[] {
  const name = path.basename(file);
  if (/\.[cm]?[jt]sx?$/.test(name)) return secretLiterals(text, options);
  if (name.endsWith('.json'))
    return secretLiterals(`(${text})`).map((one) => ({ ...one, start: one.start - 1, end: one.end - 1 }));
  return name.startsWith('.env') ? valuesOf(text) : [];
}

function valuesOf(text: string): readonly SecretLiteral[] {
  return [...text.matchAll(/^[^\S\n]*(?:export\s+)?[\w.]+=(['"`]?)([^\n]*?)\1[^\S\n]*$/gm)].flatMap(
    (match) => {
      const [whole, , value = ''] = match;
      const end = match.index + whole.length;
      const start = match.index + whole.indexOf('=') + 1;
      const line = text.slice(0, match.index).split('\n').length;
      return value === '' ? [] : [{ value, line, start, end }];
    },
  );
}
