import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { askIgnored } from '../git.js';
import type { InitAnswers } from './answers.js';
import { envExampleText, flowText, sessionsFileText } from './session-files.js';
import type { SurveyedProject } from './survey-project.js';
import { wireConfig, type WiredConfig } from './wire-config.js';
import { workflowText } from './workflow-text.js';

/** One file that is written: new where `before` is `undefined`, else with lines that it did not have. */
export interface FileChange {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string;
}

export interface PlannedChanges {
  readonly changes: readonly FileChange[];
  readonly wiring: WiredConfig;
  /** As the config names it. */
  readonly sessionsFile: string;
}

/** Nothing that is there is written over: what a file has stays, and a file that init would make is left if there is one. */
export async function planChanges(project: SurveyedProject, answers: InitAnswers): Promise<PlannedChanges> {
  const { folder, extension, configFile, configText } = project;
  const sessionsFile = `./auth-flows/auth-sessions.${extension}`;
  const wiring = wireConfig(configText, sessionsFile);
  const at = (name: string) => path.join(folder, name);
  const hasSessions = wiring.kind === 'wired' || existsSync(at(sessionsFile));
  const created: [file: string, text: string][] = hasSessions
    ? []
    : [
        [at('auth-flows/sign-in.' + extension), flowText(answers, project)],
        [at(sessionsFile), sessionsFileText(answers, project)],
        [at('.env.auth-sessions.example'), envExampleText(answers)],
      ];
  if (answers.ci !== 'none' && !hasSessions)
    created.push([path.join(project.repository, workflowFile), workflowText(answers, project)]);
  const ignored = await ignoreChange(folder);
  return {
    wiring,
    sessionsFile,
    changes: [
      ...created
        .filter(([file]) => !existsSync(file))
        .map(([file, after]) => ({ file, before: undefined, after })),
      ...(wiring.kind === 'edited' ? [{ file: configFile, before: configText, after: wiring.text }] : []),
      ...(ignored ? [ignored] : []),
    ],
  };
}

/** The lines of `.gitignore` that are missing, at its end. */
async function ignoreChange(folder: string): Promise<FileChange | undefined> {
  const file = path.join(folder, '.gitignore');
  const before = await readFile(file, 'utf8').catch(() => undefined);
  const present = new Set((before ?? '').split(/\r?\n/).map(bare));
  const answers = await Promise.all(
    ignoreLines.map(async (line) => ({
      line,
      answer: await askIgnored(folder, path.join(folder, bare(line))),
    })),
  );
  const missing = answers.filter(({ line, answer }) => !present.has(bare(line)) && answer !== 'ignored');
  if (missing.length === 0) return undefined;
  const eol = before?.includes('\r\n') ? '\r\n' : '\n';
  const gap = before === undefined || before === '' ? '' : before.endsWith('\n') ? eol : eol + eol;
  const lines = [ignoreHead, ...missing.map(({ line }) => line), ''];
  return { file, before, after: (before ?? '') + gap + lines.join(eol) };
}

function bare(line: string): string {
  return line.trim().replace(/^\/|\/$/g, '');
}

const workflowFile = '.github/workflows/auth-sessions.yml';
const ignoreHead = '# sealed sessions, local test credentials, and what runs leave';
const ignoreLines = ['/.auth-sessions/', '/.env.auth-sessions', '/reports/output/'];
