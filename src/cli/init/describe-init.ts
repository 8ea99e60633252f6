import path from 'node:path';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import type { ManagerName } from './package-manager.js';
import type { PlannedChanges } from './plan-changes.js';
import { workloadPlaceholder } from './session-files.js';
import { packageName, type SurveyedProject } from './survey-project.js';
import type { InitAnswers } from './answers.js';
import { workflowSecrets } from './workflow-text.js';

export interface InitOutcome {
  readonly project: SurveyedProject;
  readonly plan: PlannedChanges;
  readonly answers: InitAnswers;
  /** Empty where it was shown already. */
  readonly diff: string;
  readonly dryRun: boolean;
}

/** What was written, or would be, and what a person does next. */
export function describeInit(outcome: InitOutcome, { folder, style }: CommandContext): CommandResult {
  const { project, plan, diff, dryRun } = outcome;
  const shown = (file: string) => path.relative(folder, file).replaceAll('\\', '/');
  const files = plan.changes.map(({ file, before }) => ({
    file: shown(file),
    change: before === undefined ? 'created' : 'added to',
  }));
  const byHand = codeByHand(outcome);
  const next = plan.changes.length > 0 ? nextSteps(outcome, shown, byHand !== undefined) : [];
  const done = dryRun
    ? 'Nothing was written (--dry-run).'
    : files.map(({ file, change }) => `${style.good('✓')} ${file} ${change}`).join('\n');
  const text = [
    diff,
    plan.changes.length > 0 ? done : nothingToDo(outcome, style),
    ...(byHand ? handWork(outcome, byHand) : []),
    ...(next.length > 0
      ? ['', 'Next:', ...next.map((step, index) => `${String(index + 1).padStart(3)}. ${step}`)]
      : []),
  ];
  const { packageManager, language, syntax, testDir = null, baseURL = null } = project;
  return {
    data: {
      dryRun,
      files,
      byHand: byHand ?? null,
      next,
      project: { packageManager: packageManager.name, language, modules: syntax, testDir, baseURL },
    },
    text: text.filter((part) => part !== '').join('\n'),
  };
}

function nothingToDo({ plan }: InitOutcome, style: CommandContext['style']): string {
  const { wiring, state } = plan.sessions;
  if (wiring.kind === 'by hand') return '- Nothing to write: all the files are there.';
  return state === 'unseen'
    ? '- Nothing to write: the config names its sessions file by an expression. "npx playwright-auth-sessions doctor" looks at it.'
    : `${style.good('✓')} Nothing to do: the project is set up.`;
}

/** For a config of another shape: exactly what to write. */
function handWork({ project, plan }: InitOutcome, code: readonly string[]): string[] {
  const { wiring } = plan.sessions;
  return [
    '',
    `${path.basename(project.configFile)} is left to you. ${wiring.kind === 'by hand' ? wiring.why : ''} Write there:`,
    ...code.map((line) => `  ${line}`),
  ];
}

function codeByHand({ project: { configFile, syntax }, plan }: InitOutcome): string[] | undefined {
  const { wiring, sessionsFile } = plan.sessions;
  if (wiring.kind !== 'by hand') return undefined;
  const usesRequire = syntax === 'require' || /\.c[jt]s$/.test(configFile);
  return [
    usesRequire
      ? `const { withAuthSessions } = require('${packageName}');`
      : `import { withAuthSessions } from '${packageName}';`,
    `${usesRequire ? 'module.exports =' : 'export default'} withAuthSessions('${sessionsFile}', config); // config: what it exports now`,
  ];
}

function nextSteps(outcome: InitOutcome, shown: (file: string) => string, byHand: boolean): string[] {
  const { isInstalled, packageManager, baseURL, testDir, webServer } = outcome.project;
  const { flowFile } = outcome.plan;
  const [session = ''] = outcome.answers.sessions;
  return [
    ...(isInstalled ? [] : [installCommands[packageManager.name]]),
    ...(byHand ? ['Change the Playwright config as shown above.'] : []),
    ...(baseURL === undefined
      ? ['Give the config use.baseURL, if it has none: flows go to paths of it.']
      : []),
    ...(flowFile === undefined
      ? []
      : [
          `Fit ${shown(flowFile)} to your sign-in page.`,
          'npx playwright-auth-sessions local init      writes the file with the local credentials, to fill in',
          ...(webServer
            ? ['Start your application: runs start the webServer of the config, commands do not.']
            : []),
          'npx playwright-auth-sessions create --headed --all   shows the sign-in',
          `In a test (${testDir ?? 'tests'}): import { test, expect } from '${packageName}'; test.use({ authSession: '${session}' });`,
        ]),
    ...workflowSteps(outcome, shown),
    'npx playwright-auth-sessions doctor          looks at all of it',
  ];
}

/** What CI has to be given, which no file can have. */
function workflowSteps({ project, plan, answers }: InitOutcome, shown: (file: string) => string): string[] {
  if (plan.workflowFile === undefined) return [];
  const sessionsFile = shown(path.resolve(project.folder, plan.sessions.sessionsFile));
  const workload = "onePassword: { auth: { workloadIdentity: { workloadUuid: '…' } } }";
  return [
    ...workflowSecrets[answers.ci].map((name) => `gh secret set ${name}      ${secretsAre[name] ?? ''}`),
    ...(answers.ci !== 'workload'
      ? []
      : plan.flowFile === undefined
        ? [`Say in ${sessionsFile}: ${workload}, with the UUID of your workload.`]
        : [`Put the UUID of your workload into ${sessionsFile}, in the place of '${workloadPlaceholder}'.`]),
  ];
}

const secretsAre: Readonly<Record<string, string>> = {
  OP_SERVICE_ACCOUNT_TOKEN:
    'gives CI the service account\'s token; "npx playwright-auth-sessions init --vault" prints how to make it',
  OP_INTEGRATION_KEY: "gives CI the workload's integration key",
  AUTH_SESSIONS_KEY: `gives CI the store's key; node -p "require('crypto').randomBytes(32).toString('base64')" makes one`,
};

const installCommands: Readonly<Record<ManagerName, string>> = {
  npm: `npm install --save-dev ${packageName}`,
  pnpm: `pnpm add --save-dev ${packageName}`,
  yarn: `yarn add --dev ${packageName}`,
  bun: `bun add --dev ${packageName}`,
};
