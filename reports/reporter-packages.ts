import { createRequire } from 'node:module';
import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';

/** Folders of packages whose files reporters copy into their output: Playwright's viewers and others. */
export function reporterPackages({ reporter }: Pick<FullConfig, 'reporter'>): string[] {
  const others = reporter.flatMap(([name]) => packageFolder.exec(name)?.[0] ?? []);
  return [...playwrightViewers(), ...new Set(others)];
}

function playwrightViewers(): string[] {
  try {
    const manifest = ['@playwright/test', 'playwright', 'playwright-core'].reduce(
      (from, name) => createRequire(from).resolve(`${name}/package.json`),
      import.meta.url,
    );
    return [path.join(path.dirname(manifest), 'lib', 'vite')];
  } catch {
    return []; // a copy is then searched like any other file
  }
}

const packageFolder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;
