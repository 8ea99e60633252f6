import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { flowFile, isAuthFlow } from '../../core/auth-flow.js';
import type { DeclaredSession } from '../../core/declared-session.js';
import type { FoundProject } from '../project/find-project.js';
import type { ComposedFlow } from './compose-flow.js';
import type { FlowPlace } from './flow-place.js';

export interface FlowToExplain {
  readonly name: string;
  readonly flow: ComposedFlow;
  readonly place: FlowPlace;
  /** `undefined` where the sessions file does not declare it. */
  readonly declared: DeclaredSession | undefined;
  readonly project: Pick<FoundProject, 'sessionsFile'>;
  /** Of the other sessions: a vault's name is worth as much as `VAULT`. */
  readonly vault: string | undefined;
}

/** What is left to be done for a flow that was recorded, a line each. */
export function explainFlow({
  name,
  flow,
  place,
  declared,
  project,
  vault = 'VAULT',
}: FlowToExplain): string[] {
  const sessions = path.basename(project.sessionsFile);
  const reference = (parameter: string) => `op://${vault}/${name}/${parameter}`;
  const lines = declared
    ? []
    : [`Add to the sessions of ${sessions}:`, '', ...declaration(name, flow, { place, reference }), ''];
  if (declared && !usesFile(declared, place.file))
    lines.push(`Name it in ${sessions}, as the flow of "${name}": flow: '${place.namedAs}'`);
  if (declared && flow.missing.length > 0)
    lines.push(
      `What was typed as ${flow.missing.join(', ')} is no value that "${name}" has. Add to its parameters:`,
      ...flow.missing.map((parameter) => `  ${keyOf(parameter)}: '${reference(parameter)}',`),
      'Or take its step out of the flow, where it was a slip.',
    );
  if (declared?.type === 'credentials' && flow.usesCode && !declared.code)
    lines.push(`Add to its parameters: otp: '${reference(codeField)}'`);
  if (flow.leftOut > 0)
    lines.push(
      `${flow.leftOut} step${flow.leftOut === 1 ? ' is' : 's are'} left out, as a secret was or may be in it: see the TODO there.`,
    );
  if (flow.refused > 0)
    lines.push(
      `${flow.refused} step${flow.refused === 1 ? ' is' : 's are'} left out, because the field was filled in again later: check whether that was a failed attempt.`,
    );
  if (!flow.waitsAtEnd) lines.push('It ends without waiting for anything: see the TODO there.');
  lines.push(`Then try it: npx playwright-auth-sessions create ${name} --headed`);
  return lines;
}

function declaration(
  name: string,
  { parameters, usesCode }: ComposedFlow,
  {
    place: { namedAs },
    reference,
  }: { readonly place: FlowPlace; readonly reference: (parameter: string) => string },
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
  // A flow that was still to come is named by its file already.
  if (!flow) return true;
  const named = isAuthFlow(flow) ? flow[flowFile] : undefined;
  if (named === undefined) return false;
  return path.resolve(named.startsWith('file:') ? fileURLToPath(named) : named) === file;
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}

const codeField = 'one-time password?attribute=otp';
