import path from 'node:path';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { environmentPlaceholder, variablesFor, type InitAnswers } from './answers.js';
import { describeCiSecret } from './ci-secrets.js';
import { readConfigFacts } from './config-facts.js';
import type { ManagerName } from './package-manager.js';
import type { PlannedChanges } from './plan-changes.js';
import { workloadPlaceholder } from './session-files.js';
import { packageName, type SurveyedSuite } from './survey-suite.js';

export interface InitOutcome {
  readonly suite: SurveyedSuite;
  readonly plan: PlannedChanges;
  readonly answers: InitAnswers;
  /** Empty if it was already shown. */
  readonly diff: string;
  readonly dryRun: boolean;
}

/** The changes written or planned, and the next steps. */
export function describeInit(outcome: InitOutcome, { folder, style }: CommandContext): CommandResult {
  const { suite, plan, diff, dryRun } = outcome;
  const shown = (file: string) => path.relative(folder, file).replaceAll('\\', '/');
  const files = plan.changes.map(({ file, before }) => ({
    file: shown(file),
    change: before === undefined ? 'created' : outcome.answers.moved ? 'changed' : 'added to',
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
    ...plan.notes.map((note) => `- ${note}`),
    ...(next.length > 0
      ? ['', 'Next:', ...next.map((step, index) => `${String(index + 1).padStart(3)}. ${step}`)]
      : []),
  ];
  const { packageManager, language, syntax, testDir = null, baseURL = null } = suite;
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
  if (wiring.kind === 'by hand' || plan.notes.length > 0) return '- Nothing to write: all files exist.';
  return state === 'unseen'
    ? '- Nothing to write: the config computes the path of its sessions file. Check it with "npx playwright-auth-sessions doctor".'
    : `${style.good('✓')} Nothing to do: the project is already set up.`;
}

/** For a config of another shape: the exact lines to write. */
function handWork({ suite, plan }: InitOutcome, code: readonly string[]): string[] {
  const { wiring } = plan.sessions;
  return [
    '',
    `${path.basename(suite.configFile)} needs a change by you. ${wiring.kind === 'by hand' ? wiring.why : ''} Write in it:`,
    ...code.map((line) => `  ${line}`),
  ];
}

function codeByHand({ suite: { configFile, syntax }, plan }: InitOutcome): string[] | undefined {
  const { wiring, sessionsFile } = plan.sessions;
  if (wiring.kind !== 'by hand') return undefined;
  const usesRequire = syntax === 'require' || /\.c[jt]s$/.test(configFile);
  return [
    usesRequire
      ? `const { withAuthSessions } = require('${packageName}');`
      : `import { withAuthSessions } from '${packageName}';`,
    `${usesRequire ? 'module.exports =' : 'export default'} withAuthSessions('${sessionsFile}', config); // config: its current export`,
  ];
}

function nextSteps(outcome: InitOutcome, shown: (file: string) => string, byHand: boolean): string[] {
  const { isInstalled, packageManager, testDir, webServer } = outcome.suite;
  const { flowFile } = outcome.plan;
  const [session = ''] = outcome.answers.sessions;
  return [
    ...(isInstalled ? [] : [installCommands[packageManager.name]]),
    ...(byHand ? ['Change the Playwright config as shown above.'] : []),
    ...(setsAddress(outcome) ? [] : ['Set use.baseURL in the config: flows use paths relative to it.']),
    ...(flowFile === undefined
      ? []
      : [
          outcome.answers.moved
            ? `Read ${shown(flowFile)}: it has the body of your setup test.`
            : `Adapt ${shown(flowFile)} to your sign-in page.`,
          ...credentialSteps(outcome.answers),
          ...(webServer
            ? ["Start your application: a run starts the config's webServer, commands do not."]
            : []),
          'npx playwright-auth-sessions create --headed --all   shows the sign-in',
          `In a test (${testDir ?? 'tests'}): import { test, expect } from '${packageName}'; test.use({ authSession: '${session}' });`,
        ]),
    ...workflowSteps(outcome, shown),
    'npx playwright-auth-sessions doctor          checks the whole setup',
  ];
}

/** Where the values for the first sign-in come from. */
function credentialSteps({ desktopAccount }: InitAnswers): string[] {
  return desktopAccount === undefined
    ? ['npx playwright-auth-sessions local init      writes the local credentials file, for you to fill in']
    : [
        'npx playwright-auth-sessions init --vault    prints the commands that create the items',
        'In the 1Password app, turn on Settings > Developer > Integrate with other apps.',
      ];
}

/** Whether the config has a base URL, now or after the changes. */
function setsAddress({ suite, plan }: InitOutcome): boolean {
  const text = plan.changes.find(({ file }) => file === suite.configFile)?.after;
  return suite.setsBaseURL || (text !== undefined && readConfigFacts(text).setsBaseURL);
}

/** Secrets to set on CI, which no file can contain. */
function workflowSteps({ suite, plan, answers }: InitOutcome, shown: (file: string) => string): string[] {
  if (plan.workflowFile === undefined) return [];
  const sessionsFile = shown(path.resolve(suite.folder, plan.sessions.sessionsFile));
  return [
    ...plan.secrets.map((name) => `gh secret set ${name}      ${describeCiSecret(name)}`),
    ...(answers.ci === 'workload' ? workloadSteps(plan.flowFile !== undefined, sessionsFile, answers) : []),
  ];
}

function workloadSteps(isNew: boolean, sessionsFile: string, answers: InitAnswers): string[] {
  const workload = "onePassword: { auth: { workloadIdentity: { workloadUuid: '…' } } }";
  if (!isNew)
    return [
      `Add to ${sessionsFile}: ${workload}, with the UUID of your workload.`,
      'Its references must be op-env://ENVIRONMENT_ID/NAME: 1Password gives a workload only Environments.',
    ];
  const names = answers.sessions.flatMap((session) => Object.values(variablesFor(session, answers)));
  return [
    `In ${sessionsFile}, replace '${workloadPlaceholder}' with the UUID of your workload.`,
    `In ${sessionsFile}, replace '${environmentPlaceholder}' with the ID of an Environment that the workload can read.`,
    `In 1Password, add to the Environment: ${names.map((name) => name.replace(/\?.*/, '')).join(', ')}.`,
  ];
}

const installCommands: Readonly<Record<ManagerName, string>> = {
  npm: `npm install --save-dev ${packageName}`,
  pnpm: `pnpm add --save-dev ${packageName}`,
  yarn: `yarn add --dev ${packageName}`,
  bun: `bun add --dev ${packageName}`,
};
