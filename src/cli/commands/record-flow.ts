import path from 'node:path';
import { completeSession } from '../../core/complete-session.js';
import type { DeclaredSession } from '../../core/declared-session.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { SessionPlace } from '../../core/ports.js';
import { publicUrl } from '../../core/public-url.js';
import { isItemReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import { windowPlan } from '../engine/headed-plan.js';
import { requireDisplay } from '../engine/require-display.js';
import { withEngine, type Engine } from '../engine/with-engine.js';
import { findSuite, type FoundSuite } from '../suite/find-suite.js';
import { pageAddress } from '../suite/page-address.js';
import { composeFlow, type ComposedFlow } from '../recording/compose-flow.js';
import { explainFlow } from '../recording/explain-flow.js';
import { flowLocationOf, type FlowLocation } from '../recording/flow-location.js';
import { recordSteps, type RecordedSteps } from '../recording/record-steps.js';
import { watchCodes, type SeenCodes } from '../recording/watch-codes.js';
import { writeFlow } from '../recording/write-flow.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { usageError } from '../terminal/usage-error.js';
import { suiteChoiceOf, suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';

export interface RecordFlowOptions extends SuiteFlags {
  readonly url?: string;
  readonly force?: boolean;
}

export const registerRecordFlow = defineCommand<[name: string], RecordFlowOptions>({
  name: 'record-flow',
  arguments: [['<name>', 'session name; need not be declared yet']],
  description: "sign in by hand while Playwright's code generator writes auth-flows/NAME.ts",
  options: [
    ['--url <url>', 'page to start at, relative to the base URL  [the base URL]'],
    ['--force', 'overwrite an existing flow'],
  ],
  shared: [...suiteFlags, 'json'],
  examples: ['record-flow admin --url /sign-in'],
  footnote:
    'Typed values stay in memory. The flow gets credentials.… or await totp() instead; no secret is written.',
  act: ([name], options, context) => recordFlow(name, options, context),
});

/** Replaces typed text by the names of matching values of the session's references. */
export async function recordFlow(
  name: string,
  options: RecordFlowOptions,
  context: CommandContext,
): Promise<CommandResult> {
  refuseName(name);
  requireDisplay(context.env);
  const suite = await findSuite(suiteChoiceOf(options), context);
  const chosen = flowLocationOf(name, suite);
  if (chosen.isTaken && !options.force) throw taken(name, chosen.file);
  return withEngine({ suite, context, flowToCome: name }, async (engine) => {
    const declared = engine.desk.sessions.get(name);
    const session = declared ?? undeclared(name);
    const at = placeOf(suite, session);
    const baseURL = session.baseURL ?? at.baseURL;
    const address = pageAddress(options.url, baseURL);
    const values = await context.progress.during(`reading the credentials of ${name}`, () =>
      valuesOf(declared, engine),
    );
    const codes = watchCodes(session, engine, context);
    const recorded = await recordSteps(
      { session, place: at, plan: windowPlan(suite, at), address },
      context,
    ).finally(() => codes.end()); // oxlint-disable-line typescript/no-misused-promises -- is waited for
    context.signal.throwIfAborted();
    const flow = compose({ name, values, codes, recorded, baseURL, place: chosen }, context);
    const place = await writeFlow(chosen, flow, { force: options.force ?? false });
    const vault = [...engine.desk.sessions.values()]
      .flatMap((one) => [...one.values.values()])
      .find(isItemReference)?.vault;
    const next = explainFlow({ name, flow, place, declared, suite, vault });
    return {
      data: {
        session: name,
        file: place.file,
        missing: flow.missing,
        declared: declared !== undefined,
        next,
      },
      text: [`${context.style.good('✓')} ${shown(place.file, context)} written.`, ...next].join('\n'),
    };
  });
}

interface Composing {
  readonly name: string;
  readonly values: Readonly<Record<string, string>> | undefined;
  readonly codes: SeenCodes;
  readonly recorded: RecordedSteps;
  readonly baseURL: string | undefined;
  readonly place: FlowLocation;
}

function compose(
  { name, values, codes, recorded, baseURL, place }: Composing,
  context: CommandContext,
): ComposedFlow {
  const { steps, fields, endUrl } = recorded;
  if (!steps.some(({ code }) => code.includes('.fill('))) throw nothingTyped(name);
  const passwords = fields.textsOf('password');
  for (const text of passwords) context.redactor.add(new SecretValue(text, `${name}.typed`));
  return composeFlow({
    steps,
    endUrl,
    baseURL,
    values,
    session: name,
    importedFrom: place.importedFrom,
    syntax: place.syntax,
    isCode: (text) => codes.has(text),
    kindOf: (text) => fields.kindOf(text),
    typedSecrets: { password: passwords, code: fields.textsOf('code') },
    isSecret: (text) => context.redactor.redact(text) !== text,
  });
}

/** `undefined` if there are no references to compare with. */
async function valuesOf(
  declared: DeclaredSession | undefined,
  { handlers }: Engine,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (declared?.type !== 'credentials') return undefined;
  const answer = await handlers['/credentials']({ session: declared.name });
  return 'skip' in answer ? undefined : answer.values;
}

/** A session that is not declared yet, for opening a window. */
function undeclared(name: string): DeclaredSession {
  return completeSession(
    name,
    { type: 'recorder' },
    { loaded: { flow: undefined, digest: 'none' }, variables: {}, errors: [] },
  );
}

function placeOf({ places }: FoundSuite, { name, baseURL }: DeclaredSession): SessionPlace {
  const [first, ...others] = places;
  if (first && (others.length === 0 || baseURL !== undefined)) return first;
  throw usageError(
    `Session "${name}" is used at several base URLs.`,
    'Choose one with --project or --base-url.',
    `They are ${places.map((one) => publicUrl(one.baseURL) ?? 'none').join(', ')}.`,
  );
}

/** It becomes the name of a file and of a session. */
function refuseName(name: string): void {
  if (/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name)) return;
  throw usageError(
    `"${name}" is not a session name.`,
    'Use letters, digits, "-", "_" and ".", starting with a letter.',
  );
}

function taken(name: string, file: string): AuthSessionsError {
  return usageError(
    `The flow of "${name}" already exists: ${file}`,
    'Choose another name, or add --force to overwrite it.',
  );
}

function nothingTyped(session: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_NOT_SIGNED_IN',
    {
      failed: `No flow was written for "${session}".`,
      known: 'Nothing was typed in the window.',
      next: 'Run again, and finish the sign-in before you press Enter or close the window.',
    },
    { session },
  );
}

function shown(file: string, { folder }: CommandContext): string {
  return path.relative(folder, file) || file;
}
