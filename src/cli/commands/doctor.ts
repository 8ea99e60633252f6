import { baseUrl } from '../doctor/base-url.js';
import { browser } from '../doctor/browser.js';
import { clock } from '../doctor/clock.js';
import { committedSecrets } from '../doctor/committed-secrets.js';
import { configWired } from '../doctor/config-wired.js';
import { declaredSecrets } from '../doctor/declared-secrets.js';
import { environment } from '../doctor/environment.js';
import { troubleOf, type Check, type Finding, type Told } from '../doctor/finding.js';
import { gatherFacts } from '../doctor/gather-facts.js';
import { fileModes, ignoredFiles } from '../doctor/ignored-files.js';
import { leastPrivilege } from '../doctor/least-privilege.js';
import { nodeVersion } from '../doctor/node-version.js';
import { playwrightCopies } from '../doctor/playwright-copies.js';
import { playwrightVersion } from '../doctor/playwright-version.js';
import { pools } from '../doctor/pools.js';
import { projectSessions } from '../doctor/project-sessions.js';
import { references, shortValues } from '../doctor/references.js';
import { flows, sessionsFile } from '../doctor/sessions-file.js';
import { store } from '../doctor/store.js';
import { tokenExpiry } from '../doctor/token-expiry.js';
import { vaultRequests } from '../doctor/vault-requests.js';
import { websites } from '../doctor/websites.js';
import { findConfigFile } from '../suite/find-suite.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { errorsOf } from '../terminal/format-error.js';
import { formatTable } from '../terminal/format-table.js';
import type { Style } from '../terminal/style.js';
import { countOf } from '../../core/count-of.js';
import type { SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';

/** Checks that others depend on come first. */
const checks: readonly Check[] = [
  nodeVersion,
  playwrightVersion,
  playwrightCopies,
  configWired,
  browser,
  sessionsFile,
  flows,
  projectSessions,
  baseUrl,
  environment,
  tokenExpiry,
  references,
  websites,
  leastPrivilege,
  vaultRequests,
  clock,
  shortValues,
  declaredSecrets,
  store,
  pools,
  fileModes,
  ignoredFiles,
  committedSecrets,
];

export const registerDoctor = defineCommand<[], SuiteFlags>({
  name: 'doctor',
  description: 'check the whole setup and report every problem',
  shared: ['config', 'json'],
  examples: ['doctor', 'doctor --json'],
  act: (_given, options, context) => examineSuite(options, context),
});

/** The exit code is 1 if there are problems. Warnings alone leave it 0. */
export async function examineSuite({ config }: SuiteFlags, context: CommandContext): Promise<CommandResult> {
  // A mistyped path is a usage error, not a problem of the project.
  if (config !== undefined) findConfigFile({ config }, context.folder);
  const facts = await context.progress.during('checking the project', () => gatherFacts(config, context));
  const findings: Finding[] = [];
  const notLookedAt: string[] = [];
  for (const check of checks) {
    const { id } = check;
    context.signal.throwIfAborted();
    const told = await context.progress.during(id, async () => check.examine(facts)).catch(tellOf);
    findings.push(...told.map((one) => ({ id, ...one })));
    if (told.length === 0) notLookedAt.push(id);
  }
  const counts = {
    ok: count(findings, 'ok'),
    warning: count(findings, 'warning'),
    trouble: count(findings, 'trouble'),
  };
  return {
    data: { findings, notLookedAt, counts },
    text: format(findings, notLookedAt, context.style),
    foundTrouble: counts.trouble > 0,
  };
}

/** A check that throws does not affect the others. */
function tellOf(error: unknown): Told[] {
  return errorsOf(error).map((one) => troubleOf(one));
}

function count(findings: readonly Finding[], wanted: Finding['result']): number {
  return findings.filter(({ result }) => result === wanted).length;
}

function format(findings: readonly Finding[], notLookedAt: readonly string[], style: Style): string {
  const good = findings.filter(({ result }) => result === 'ok');
  const bad = [
    ...findings.filter(({ result }) => result === 'warning'),
    ...findings.filter(({ result }) => result === 'trouble'),
  ];
  const parts = [
    formatTable(good.map(({ seen }) => [style.good('✓'), seen])),
    ...bad.map(({ id, result, seen, known, next }) => {
      const mark = result === 'trouble' ? style.trouble('✗') : style.warning('!');
      return [`${mark} ${style.strong(seen)} ${style.quiet(`[${id}]`)}`, known, next]
        .filter((line) => line !== undefined)
        .join('\n  ');
    }),
    ...(notLookedAt.length > 0 && bad.length > 0
      ? [style.quiet(`Not checked, or not used by this project: ${notLookedAt.join(', ')}`)]
      : []),
  ];
  const troubles = count(findings, 'trouble');
  const warnings = count(findings, 'warning');
  return `${parts.filter((part) => part !== '').join('\n')}\n\n${summary(troubles, warnings)}`;
}

function summary(troubles: number, warnings: number): string {
  if (troubles + warnings === 0) return 'No problems found.';
  return [countOf(troubles, 'problem'), countOf(warnings, 'warning')].join(', ');
}
