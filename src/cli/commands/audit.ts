import path from 'node:path';
import { countOf } from '../../core/count-of.js';
import { printable } from '../../core/printable.js';
import { accessLogs, reportsFolder } from '../../core/report-files.js';
import { readTextFile } from '../files/read-text-file.js';
import { findConfigFile } from '../suite/find-suite.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import type { Style } from '../terminal/style.js';
import { usageError } from '../terminal/usage-error.js';
import { readAccessLogs, type AccessLogs } from './access-logs.js';
import { suiteChoiceOf, suiteFlags, type SuiteFlags } from './command-options.js';
import { compareUsage, type UsageComparison } from './compare-usage.js';
import { defineCommand } from './define-command.js';
import { parseUsageReport, type ReportedUse } from './usage-report.js';

export interface AuditOptions extends SuiteFlags {
  readonly log?: readonly string[];
}

export const registerAudit = defineCommand<[report: string], AuditOptions>({
  name: 'audit',
  arguments: [['<report>', 'usage report of the service account, exported from 1Password as CSV']],
  description: "compare 1Password's usage report with the log of vault accesses",
  options: [['--log <files...>', 'logs to compare with [those in reports/output]']],
  shared: [...suiteFlags, 'json'],
  examples: ['audit usage.csv', 'audit usage.csv --log shard-*/vault-access.jsonl'],
  act: ([report], options, context) => auditUsage(report, options, context),
});

/** The exit code is 1 if an item was used by something that no log knows, or a log is damaged. */
export async function auditUsage(
  report: string,
  options: AuditOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const file = path.resolve(context.folder, report);
  const text = await readTextFile(file, limit);
  if (text === undefined) throw usageError(`No such file: ${printable(file)}.`, 'Check the path.');
  const uses = await parseUsageReport(text, file);
  const logs = await readAccessLogs(logFiles(options, context));
  const missing = options.log?.map(inFolder(context)).filter((log) => !logs.files.includes(log)) ?? [];
  if (missing.length > 0)
    throw usageError(`No such file: ${missing.map(printable).join(', ')}.`, 'Check the path.');
  if (logs.files.length === 0)
    throw usageError(
      'There is no log to compare with.',
      'Run the suite first, or name its logs with --log. CI runs have theirs in reports/output.',
    );
  const compared = compareUsage(uses, logs.items);
  return {
    data: { logs: logs.files, damagedLines: logs.damagedLines, ...compared },
    text: format(compared, { logs, uses, style: context.style }),
    foundTrouble: compared.unknown.length + compared.later.length + logs.damagedLines > 0,
  };
}

/** Those that are named, or those that the suite's runs and scripts write. */
function logFiles(options: AuditOptions, context: CommandContext): readonly string[] {
  const { folder } = context;
  if (options.log) return options.log.map(inFolder(context));
  const suite = path.dirname(findConfigFile(suiteChoiceOf(options), folder));
  return Object.values(accessLogs).map((name) => path.join(suite, reportsFolder, name));
}

function inFolder({ folder }: CommandContext): (file: string) => string {
  return (file) => path.resolve(folder, file);
}

interface Audited {
  readonly logs: AccessLogs;
  readonly uses: readonly ReportedUse[];
  readonly style: Style;
}

function format(
  { unknown, later, unreported, known }: UsageComparison,
  { logs, uses, style }: Audited,
): string {
  const lines = [
    ...unknown.map(
      (use) => `${style.trouble('✗')} ${nameOf(use, style)} was used${lastUse(use)}, and no log has it.`,
    ),
    ...later.map(
      ({ use, logged }) =>
        `${style.trouble('✗')} ${nameOf(use, style)} was used${lastUse(use)}, after the last logged read at ${new Date(logged.lastMs).toISOString()}.`,
    ),
    ...(unknown.length + later.length > 0
      ? [
          '  Find who else holds the token, or add the logs of the other runs with --log. Rotate the token if nobody knows.',
        ]
      : []),
    ...unreported.map(
      ({ vault, item, sessions, reads }) =>
        `${style.warning('!')} ${style.strong(printable(`${vault}/${item}`))} was read ${reads} × for ${sessions.map(printable).join(', ')}, and is not in the report: other dates, or another service account.`,
    ),
    ...(logs.damagedLines > 0
      ? [
          `${style.trouble('✗')} ${countOf(logs.damagedLines, 'line')} of the logs cannot be read, so reads may be missing.`,
        ]
      : []),
  ];
  const isClean = unknown.length + later.length + logs.damagedLines === 0;
  const searched = `${countOf(uses.length, 'item')} in the report, ${countOf(logs.items.length, 'item')} in ${countOf(logs.files.length, 'log')}: ${known} in both.`;
  return [...lines, `${isClean ? style.good('✓') : ''} ${searched}`.trim()].join('\n');
}

function nameOf({ vault, vaultId, item }: ReportedUse, style: Style): string {
  return style.strong(printable([vault ?? vaultId, item].filter((part) => part !== undefined).join('/')));
}

function lastUse({ lastUsed }: ReportedUse): string {
  return lastUsed === undefined ? '' : ` (last: ${printable(lastUsed)})`;
}

const limit = { maxBytes: 64 * 1024 * 1024, whenLarger: 'Choose a shorter range of dates for the report.' };
