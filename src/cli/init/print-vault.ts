import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { usageError } from '../terminal/usage-error.js';
import type { InitAnswers } from './answers.js';
import type { InitOptions } from './init-options.js';
import { loadDeclared } from './load-declared.js';
import { declaredReferences, plannedReferences, type NamedReference } from './named-references.js';
import type { SurveyedSuite } from './survey-suite.js';
import { vaultCommands } from './vault-commands.js';

interface Asked {
  readonly suite: SurveyedSuite;
  readonly given: InitAnswers;
  readonly options: Pick<InitOptions, 'inVault'>;
}

/** The `op` commands that create a vault. */
export async function printVault(
  vault: string,
  { suite, given, options }: Asked,
  context: CommandContext,
): Promise<CommandResult> {
  const all = await namedReferences(suite, { ...given, vault: options.inVault ?? vault }, context);
  const isOf = ({ reference }: NamedReference) => reference.vault.toLowerCase() === vault.toLowerCase();
  const references = all.filter(isOf);
  const others = [...new Set(all.map(({ reference }) => reference.vault))];
  if (references.length === 0)
    throw usageError(
      `No reference names the vault "${vault}".`,
      'Use one of these names.',
      others.length === 0 ? 'The sessions have no references.' : `The references name ${others.join(', ')}.`,
    );
  const text = vaultCommands(vault, references);
  return { data: { vault, commands: text.split('\n') }, text };
}

/** References of the declared sessions, or of those that init would declare. */
async function namedReferences(
  suite: SurveyedSuite,
  answers: InitAnswers,
  context: CommandContext,
): Promise<readonly NamedReference[]> {
  const declared = await loadDeclared(suite, context);
  return declared ? declaredReferences([...declared.sessions.values()]) : plannedReferences(answers);
}
