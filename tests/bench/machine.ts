import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { findBrowser } from '../../src/browser/find-browser.js';

/** What figures depend on. No names of hosts or people. */
export interface Machine {
  readonly cores: number;
  readonly memoryGB: number;
  readonly system: string;
  readonly node: string;
  readonly playwright: string;
  readonly chromium: string;
}

export function describeMachine(): Machine {
  return {
    cores: os.availableParallelism(),
    memoryGB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.platform()} ${os.arch()}`,
    node: process.versions.node,
    playwright: playwrightVersion(),
    chromium: chromiumVersion(),
  };
}

function playwrightVersion(): string {
  const file = createRequire(import.meta.url).resolve('@playwright/test/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** The first two words: what follows may name how a distribution built it. */
function chromiumVersion(): string {
  const browser = findBrowser()?.executablePath;
  if (browser === undefined || process.platform === 'win32') return "Playwright's Chromium";
  const { stdout } = spawnSync(browser, ['--version'], { encoding: 'utf8' });
  return /^\S+ [\d.]+/.exec(stdout)?.[0] ?? 'Chromium';
}
