import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { modulesWithOwnPackage } from '../support/package/built-package.js';

const dist = path.join(modulesWithOwnPackage(), 'playwright-auth-sessions/dist');

test('gives each process of a run a few files to load', () => {
  expect(loadedBy('fixtures/index.js').files.length).toBeLessThanOrEqual(4);
  const ofRunner = ['fixtures/index.js', 'fixtures/global-setup.js', 'reports/reporter.js'];
  expect(loadedBy(...ofRunner, 'reports/leak-check-reporter.js').files.length).toBeLessThanOrEqual(8);
  expect(loadedBy('src/broker/main.js').files.length).toBeLessThanOrEqual(6);
});

test('loads in a worker no package that signs in, seals or compiles', () => {
  const { packages } = loadedBy('fixtures/index.js');
  expect(packages.sort()).toEqual(['@playwright/test', 'env-paths', 'fastest-levenshtein', 'valibot']);
});

test('loads in a broker no test runner, vault, compiler or maker of codes', () => {
  const { packages } = loadedBy('src/broker/main.js');
  for (const name of ['@playwright/test', '@1password/sdk', 'jiti', 'otplib', 'jose'])
    expect(packages).not.toContain(name);
});

test('begins a command with what any Node can load', () => {
  expect(loadedBy('src/cli/main.js').packages).toEqual([]);
});

test('has types for each file that is loaded by its path', () => {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .filter((file) => path.dirname(file) !== path.normalize('src/chunks'));
  expect(files).toContain(path.normalize('src/broker/main.js'));
  for (const file of files)
    expect(existsSync(path.join(dist, file.replace(/\.js$/, '.d.ts'))), file).toBe(true);
});

/** With all that it imports when it is loaded. */
function loadedBy(...entries: readonly string[]): { files: string[]; packages: string[] } {
  const files = new Set(entries.map((entry) => path.normalize(entry)));
  const packages = new Set<string>();
  for (const file of files)
    for (const [, specifier = ''] of read(file).matchAll(/^(?:import|export)\b[^;]*?'([^']+)';$/gm)) {
      if (specifier.startsWith('.')) files.add(path.join(path.dirname(file), specifier));
      else if (!specifier.startsWith('node:')) packages.add(specifier);
    }
  return { files: [...files], packages: [...packages] };
}

function read(file: string): string {
  return readFileSync(path.join(dist, file), 'utf8');
}
