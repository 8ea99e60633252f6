import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from '@playwright/test';

test('runner and worker register values at the moments of register-at alone', () => {
  const elsewhere = ['src/run', 'src/wire', 'src/script', 'fixtures', 'reports']
    .flatMap(listModules)
    .filter((file) => !['src/wire/register-at.ts', 'src/wire/declared-secrets.ts'].includes(file))
    .filter((file) => {
      const imports = readFileSync(join(root, file), 'utf8').matchAll(/^import \{([^}]*)\} from/gm);
      return [...imports].some(([, names = '']) => acts.test(names));
    });
  expect(elsewhere).toEqual([]);
});

function listModules(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((file) => file.endsWith('.ts') && !file.startsWith('reports/output/'));
}

const acts = /\b(?:declareSecrets|registerDeclared|registerVariables|registerSecret|registerPage)\b/;
const root = join(import.meta.dirname, '../..');
