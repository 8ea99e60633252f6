import path from 'node:path';
import type { CommandContext, CommandResult } from '../command-context.js';
import type { PlannedChanges } from './plan-changes.js';
import { packageName, type PackageManager, type SurveyedProject } from './survey-project.js';

export interface InitOutcome {
  readonly project: SurveyedProject;
  readonly plan: PlannedChanges;
  /** Empty where it was shown already. */
  readonly diff: string;
  readonly dryRun: boolean;
  /** One of the sessions, for the example. */
  readonly session: string;
}

/** What was written, or would be, and what a person does next. */
export function describeInit(
  { project, plan, diff, dryRun, session }: InitOutcome,
  { folder, style }: CommandContext,
): CommandResult {
  const { changes, wiring } = plan;
  const shown = (file: string) => path.relative(folder, file).replaceAll('\\', '/');
  const files = changes.map(({ file, before }) => ({
    file: shown(file),
    change: before === undefined ? 'created' : 'added to',
  }));
  const byHand = wiring.kind === 'by hand' ? handWork(project, plan) : [];
  const next = changes.length > 0 ? nextSteps(project, session, byHand.length > 0) : [];
  const done =
    changes.length === 0
      ? `${byHand.length === 0 ? style.good('✓') : '-'} Nothing to write: all the files are there.`
      : dryRun
        ? 'Nothing was written (--dry-run).'
        : files.map(({ file, change }) => `${style.good('✓')} ${file} ${change}`).join('\n');
  const isReady = changes.length === 0 && byHand.length === 0;
  const text = [
    diff,
    isReady ? `${style.good('✓')} Nothing to do: the project is set up.` : done,
    ...byHand,
    ...next,
  ];
  const { packageManager, language, syntax, testDir = null, baseURL = null } = project;
  return {
    data: {
      dryRun,
      files,
      byHand: byHand.length > 0 ? codeByHand(project, plan) : null,
      project: { packageManager, language, modules: syntax, testDir, baseURL },
    },
    text: text.filter((part) => part !== '').join('\n'),
  };
}

/** For a config of another shape: exactly what to write. */
function handWork(project: SurveyedProject, plan: PlannedChanges): string[] {
  const why = plan.wiring.kind === 'by hand' ? plan.wiring.why : '';
  return [
    '',
    `${path.basename(project.configFile)} is left to you. ${why} Write there:`,
    ...codeByHand(project, plan).map((line) => `  ${line}`),
  ];
}

function codeByHand({ configFile, syntax }: SurveyedProject, { sessionsFile }: PlannedChanges): string[] {
  const usesRequire = syntax === 'require' || /\.c[jt]s$/.test(configFile);
  return [
    usesRequire
      ? `const { withAuthSessions } = require('${packageName}');`
      : `import { withAuthSessions } from '${packageName}';`,
    `${usesRequire ? 'module.exports =' : 'export default'} withAuthSessions('${sessionsFile}', config); // config: what it exports now`,
  ];
}

function nextSteps(
  { isInstalled, packageManager, baseURL, extension, testDir }: SurveyedProject,
  session: string,
  byHand: boolean,
) {
  const steps = [
    ...(isInstalled ? [] : [installCommands[packageManager]]),
    ...(byHand ? ['Mend the Playwright config, as above.'] : []),
    ...(baseURL === undefined
      ? ['Give the config use.baseURL, if it has none: flows go to paths of it.']
      : []),
    `Fit auth-flows/sign-in.${extension} to your sign-in page.`,
    'npx auth-sessions local init      writes the file with the local credentials, to fill in',
    'npx auth-sessions create --headed --all   shows the sign-in',
    `In a test (${testDir ?? 'tests'}): import { test, expect } from '${packageName}'; test.use({ authSession: '${session}' });`,
    'npx auth-sessions doctor          looks at all of it',
  ];
  return ['', 'Next:', ...steps.map((step, index) => `  ${index + 1}. ${step}`)];
}

const installCommands: Readonly<Record<PackageManager, string>> = {
  npm: `npm install --save-dev ${packageName}`,
  pnpm: `pnpm add --save-dev ${packageName}`,
  yarn: `yarn add --dev ${packageName}`,
  bun: `bun add --dev ${packageName}`,
};
