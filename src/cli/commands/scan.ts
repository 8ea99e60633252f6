import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../artifacts/leak.js';
import { countOf } from '../../core/count-of.js';
import { printable } from '../../core/printable.js';
import { gatherNeedles } from '../engine/gather-needles.js';
import { findSuite } from '../suite/find-suite.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import type { Style } from '../terminal/style.js';
import { usageError } from '../terminal/usage-error.js';
import { suiteChoiceOf, suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';

export interface ScanOptions extends SuiteFlags {
  readonly vault?: boolean;
}

export const registerScan = defineCommand<[folders: string[]], ScanOptions>({
  name: 'scan',
  arguments: [['<folders...>', 'files and folders to search']],
  description: 'search files and archives for known secrets, in every encoding',
  options: [['--vault', "also search for the vault's current values; sends a vault request"]],
  shared: [...suiteFlags, 'json'],
  examples: ['scan reports/output', 'scan downloaded-artifacts --vault'],
  act: ([folders], options, context) => scanFolders(folders, options, context),
});

/** The exit code is 1 if a secret is found or something could not be searched. */
export async function scanFolders(
  folders: readonly string[],
  options: ScanOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const roots = folders.map((folder) => path.resolve(context.folder, folder));
  const missing = roots.filter((root) => !existsSync(root));
  if (missing.length > 0)
    throw usageError(`No such file or folder: ${missing.map(printable).join(', ')}.`, 'Check the path.');
  const suite = await findSuite(suiteChoiceOf(options), context);
  const unset = suite.unset.map(({ name }) => name);
  const needles = await gatherNeedles(suite, { vault: options.vault ?? false }, context);
  const findings: Finding[] = [];
  let files = 0;
  await context.progress.during('searching', async () => {
    const { findLeaks } = await import('../../artifacts/find-leaks.js');
    const search = { roots, redactor: context.redactor, signal: context.signal };
    for await (const finding of findLeaks({ ...search, onProgress: (so) => (files = so.files) }))
      findings.push(finding);
  });
  return {
    data: { files, secrets: needles, unset, findings },
    text: format(findings, { files, needles, unset, style: context.style, folder: context.folder }),
    foundTrouble: findings.length > 0,
  };
}

interface Searched {
  readonly files: number;
  readonly needles: number;
  readonly unset: readonly string[];
  readonly style: Style;
  readonly folder: string;
}

function format(findings: readonly Finding[], { files, needles, unset, style, folder }: Searched): string {
  const lines = findings.map((finding) => {
    const place = [path.relative(folder, finding.file) || finding.file, ...finding.members]
      .map(printable)
      .join(' › ');
    return finding.kind === 'leak'
      ? `${style.trouble('✗')} ${style.strong(printable(finding.label))} is in ${place} (${finding.encoding}, ${finding.count} ×)`
      : `${style.warning('!')} ${place} could not be searched: ${printable(finding.reason)}`;
  });
  const leaks = findings.filter(({ kind }) => kind === 'leak').length;
  const searched = `${countOf(files, 'file')} searched for ${countOf(needles, 'secret')}`;
  const leaking = new Set(findings.filter(({ kind }) => kind === 'leak').map(({ file }) => file)).size;
  const found = leaks === 0 ? 'none found' : `found in ${leaking} of them`;
  const isClean = findings.length === 0 && unset.length === 0;
  for (const name of unset)
    lines.push(`${style.warning('!')} ${name} is not set, so its value is not searched for.`);
  return [...lines, `${isClean ? style.good('✓') : ''} ${searched}: ${found}.`.trim()].join('\n');
}
