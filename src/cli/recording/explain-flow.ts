import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { flowFile, isAuthFlow } from '../../core/auth-flow.js';
import type { DeclaredSession } from '../../core/declared-session.js';
import type { FoundSuite } from '../suite/find-suite.js';
import type { ComposedFlow } from './compose-flow.js';
import type { FlowLocation } from './flow-location.js';

export interface FlowToExplain {
  readonly name: string;
  readonly flow: ComposedFlow;
  readonly place: FlowLocation;
  /** `undefined` if the sessions file does not declare it. */
  readonly declared: DeclaredSession | undefined;
  readonly suite: Pick<FoundSuite, 'sessionsFile'>;
  /** The vault of the other sessions; a placeholder would do as well. */
  readonly vault: string | undefined;
}

/** The remaining steps for a recorded flow, one per line. */
export function explainFlow({
  name,
  flow,
  place,
  declared,
  suite,
  vault = 'VAULT',
}: FlowToExplain): string[] {
  const sessions = path.basename(suite.sessionsFile);
  const reference = (parameter: string) => `op://${vault}/${name}/${parameter}`;
  const lines = declared
    ? []
    : [`Add to the sessions of ${sessions}:`, '', ...declaration(name, flow, { place, reference }), ''];
  if (declared && !usesFile(declared, place.file))
    lines.push(`In ${sessions}, set it as the flow of "${name}": flow: '${place.namedAs}'`);
  if (declared && flow.missing.length > 0)
    lines.push(
      `The values typed as ${flow.missing.join(', ')} are not parameters of "${name}". Add them:`,
      ...flow.missing.map((parameter) => `  ${keyOf(parameter)}: '${reference(parameter)}',`),
      'If one was a typing mistake, remove its step from the flow.',
    );
  if (declared?.type === 'credentials' && flow.usesCode && !declared.code)
    lines.push(`Add to its parameters: otp: '${reference(codeField)}'`);
  if (flow.leftOut > 0)
    lines.push(
      `${flow.leftOut} step${flow.leftOut === 1 ? ' is' : 's are'} left out, because it contains or may contain a secret: see the TODO there.`,
    );
  if (flow.refused > 0)
    lines.push(
      `${flow.refused} step${flow.refused === 1 ? ' is' : 's are'} left out, because the field was filled in again later: check whether that was a failed attempt.`,
    );
  for (const kind of flow.unrecorded)
    lines.push(
      `A ${words[kind]} was typed, but its step was not recorded: the page may have just opened. Add the step:`,
      `  await page.getByLabel('…').fill(${kind === 'code' ? 'await totp()' : 'credentials.password'});`,
      'Or record again with --force, and wait a second before you type on a new page.',
    );
  if (!flow.waitsAtEnd) lines.push('It ends without waiting for a signed-in page: see its TODO.');
  lines.push(`Then try it: npx playwright-auth-sessions create ${name} --headed`);
  return lines;
}

function declaration(
  name: string,
  { parameters, usesCode }: ComposedFlow,
  {
    place: { namedAs },
    reference,
  }: { readonly place: FlowLocation; readonly reference: (parameter: string) => string },
): string[] {
  const given = [...new Set(['username', 'password', ...parameters])].filter(
    (one) => parameters.length === 0 || parameters.includes(one),
  );
  return [
    `  ${keyOf(name)}: {`,
    `    flow: '${namedAs}',`,
    '    parameters: {',
    ...given.map((parameter) => `      ${keyOf(parameter)}: '${reference(parameter)}',`),
    ...(usesCode ? [`      otp: '${reference(codeField)}',`] : []),
    '    },',
    '  },',
  ];
}

function usesFile({ flow }: DeclaredSession, file: string): boolean {
  // A flow that did not exist before is already declared by its file.
  if (!flow) return true;
  const named = isAuthFlow(flow) ? flow[flowFile] : undefined;
  if (named === undefined) return false;
  return path.resolve(named.startsWith('file:') ? fileURLToPath(named) : named) === file;
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}

const words = { password: 'password', code: 'one-time code' } as const;
const codeField = 'one-time password?attribute=otp';
