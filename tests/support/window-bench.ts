import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { makeReachable } from './by-hand.js';
import { createConsultationsSite, type ConsultationsSite } from './consultations/index.js';
import { startDisplay, type Display } from './display.js';
import type { NestedProject } from './nested-run.js';
import { createSignedInProject, quickAccounts, type SignedInProjectOptions } from './signed-in-project.js';

/** A project whose windows a scripted person can reach, the site that it signs in to, and a display for both. */
export interface WindowBench {
  readonly site: ConsultationsSite;
  readonly project: NestedProject;
  readonly display: Display;
  close(): Promise<void>;
}

export interface WindowBenchOptions extends Partial<Omit<SignedInProjectOptions, 'siteUrl'>> {
  /** For the command lines of its browsers, to find them by. */
  readonly mark: string;
  /** A script in place of the browser. */
  readonly browserScript?: BrowserScript;
}

export interface BrowserScript {
  readonly file: string;
  readonly text: string;
  /** Source text of the config's `executablePath`, given that of the browser and the script. */
  readonly executablePath: (browser: string, script: string) => string;
}

export async function createWindowBench({
  mark,
  browserScript,
  files,
  ...options
}: WindowBenchOptions): Promise<WindowBench> {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const display = await startDisplay();
  const project = await createSignedInProject({
    tests: {},
    ...options,
    siteUrl: site.url,
    files: { ...files, ...(browserScript && { [browserScript.file]: browserScript.text }) },
  });
  await makeReachable(project, mark);
  if (browserScript) await putInPlace(browserScript, project);
  return {
    site,
    project,
    display,
    async close() {
      await project.remove();
      await display.close();
      await site.close();
    },
  };
}

async function putInPlace({ file, executablePath }: BrowserScript, project: NestedProject): Promise<void> {
  const script = path.join(project.folder, file);
  await chmod(script, 0o755);
  const config = await project.read('playwright.config.ts');
  await project.write({
    'playwright.config.ts': config.replace(
      /"executablePath":("[^"]+")/,
      (_, browser: string) => `"executablePath": ${executablePath(browser, JSON.stringify(script))}`,
    ),
  });
}
