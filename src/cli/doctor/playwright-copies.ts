import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isThere } from '../terminal/maybe.js';
import { ok, trouble, type Check, type Told } from './finding.js';

/** Whether only one copy of Playwright Test is loaded: two copies cause confusing failures. */
export const playwrightCopies: Check = {
  id: 'playwright-copies',
  examine({ folder, description }) {
    const sessionsFile = isThere(description) ? description.is.sessionsFile : undefined;
    return examineCopies([
      ['the project', path.join(folder, 'package.json')],
      ['playwright-auth-sessions', fileURLToPath(import.meta.url)],
      ...(sessionsFile === undefined
        ? []
        : [['the sessions file', path.resolve(folder, sessionsFile)] as const]),
    ]);
  },
};

/** Importers, with their files. */
export function examineCopies(askers: readonly (readonly [string, string])[]): readonly Told[] {
  const copies = new Map<string, string[]>();
  for (const [asker, file] of askers) {
    const copy = copyFor(file);
    if (copy !== undefined) copies.set(copy, [...(copies.get(copy) ?? []), asker]);
  }
  if (![...copies.values()].flat().includes('the project')) return [];
  if (copies.size === 1) return [ok('One copy of @playwright/test')];
  const known = [...copies].map(([copy, users]) => `${users.join(' and ')}: ${copy}`).join('; ');
  return [
    trouble(
      `There are ${copies.size} copies of @playwright/test.`,
      'Use one version in the whole workspace ("npm ls @playwright/test" shows what requires which), and install again.',
      `${known}.`,
    ),
  ];
}

function copyFor(file: string): string | undefined {
  try {
    return path.dirname(realpathSync(createRequire(file).resolve('@playwright/test/package.json')));
  } catch {
    return undefined;
  }
}
