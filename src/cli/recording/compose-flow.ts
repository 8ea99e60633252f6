import type { FieldKind } from './field-book.js';
import type { ModuleSyntax } from './flow-location.js';
import type { FlowStep } from './flow-step.js';
import { leaveOutAttempts } from './leave-out-attempts.js';
import { leaveOutEchoes, type HeardStep } from './leave-out-echoes.js';
import { placeSteps, type PlacedStep } from './place-steps.js';
import { quoteText } from './quote-text.js';
import { rewriteStep } from './rewrite-step.js';
import { findSplitCodes } from './split-codes.js';
import { areKeystrokes, joinKeystrokes, rewriteKeystrokes } from './typed-keystrokes.js';
import { createTypedTexts, type KnownTexts, type TypedTexts } from './typed-texts.js';

export type SecretKind = Exclude<FieldKind, 'username'>;

export interface FlowParts extends KnownTexts {
  readonly steps: readonly HeardStep[];
  /** The window's URL when the person finished. */
  readonly endUrl: string | undefined;
  readonly baseURL: string | undefined;
  /** Whether a text still contains a secret in any written form. */
  readonly isSecret: (text: string) => boolean;
  /** Texts typed into password and code fields, as the page reported them. */
  readonly typedSecrets: Readonly<Record<SecretKind, readonly string[]>>;
  readonly session: string;
  /** The module to import `defineAuthFlow` from. */
  readonly importedFrom: string;
  readonly syntax: ModuleSyntax;
}

export interface ComposedFlow {
  /** TypeScript that is also valid JavaScript. */
  readonly text: string;
  /** Parameters that the session lacks. */
  readonly missing: readonly string[];
  readonly parameters: readonly string[];
  readonly usesCode: boolean;
  /** Number of steps left out because they contained a secret, or may contain a part of one. */
  readonly leftOut: number;
  /** Number of steps left out as part of a rejected attempt. */
  readonly refused: number;
  /** Kinds of fields that were filled in without a step that does it. */
  readonly unrecorded: readonly SecretKind[];
  /** Whether it ends by waiting for an element visible only when signed in. */
  readonly waitsAtEnd: boolean;
}

/** Creates an auth flow from the code generator's steps. Contains no values. */
export function composeFlow(recorded: FlowParts): ComposedFlow {
  const parts = { ...recorded, steps: leaveOutEchoes(recorded.steps) };
  const typed = createTypedTexts(parts);
  const placed = joinKeystrokes(placeSteps(parts));
  const attempts = leaveOutAttempts(placed);
  const steps = withoutNoise(
    rewriteSteps(
      attempts.kept.flatMap((index) => placed[index] ?? []),
      typed,
      parts,
    ),
  );
  const end = endOf(steps, parts);
  const lines = [...steps.map(({ text }) => text), end ?? waitYourself];
  return {
    text: format(lines, typed, parts),
    missing: typed.missing(),
    parameters: parametersOf(typed, parts),
    usesCode: typed.usesCode(),
    leftOut: steps.filter(({ text }) => text.startsWith('// TODO')).length,
    refused: attempts.leftOut,
    unrecorded: unrecordedOf(recorded),
    waitsAtEnd: end !== undefined,
  };
}

/** A page that has just opened reports its fields at once, but the recorder hears of its steps a moment later. */
function unrecordedOf({ steps, typedSecrets }: FlowParts): SecretKind[] {
  const isRecorded = (typed: string) =>
    steps.some(({ code }) => code.includes(quoteText(typed).slice(1, -1)));
  return secretKinds.filter((kind) => typedSecrets[kind].length > 0 && !typedSecrets[kind].some(isRecorded));
}

function rewriteSteps(steps: readonly PlacedStep[], typed: TypedTexts, parts: FlowParts): FlowStep[] {
  const typedSecrets = Object.values(parts.typedSecrets).flat();
  const codes = findSplitCodes(
    steps.map(({ method, given }) => (method === 'fill' ? given : undefined)),
    parts.isCode,
  );
  return steps.flatMap((step, index) => {
    if (areKeystrokes(step)) return [rewriteKeystrokes(step, typed)];
    const part = codes.get(index);
    const { code, isPasswordField } = step;
    const about = { typedSecrets, typed, values: parts.values ?? {}, part, isPasswordField };
    const written = rewriteStep(code, { ...parts, ...about });
    if (part?.position !== 0) return written;
    typed.useCode();
    return [{ text: `const ${part.name} = await totp();` }, ...written];
  });
}

/** Clicking a field before filling it, and moving between fields, are part of filling. */
function withoutNoise(steps: readonly FlowStep[]): FlowStep[] {
  return steps.filter((step, index) => {
    const next = steps[index + 1];
    if (next?.method !== 'fill') return true;
    if (step.method === 'click') return step.subject !== next.subject;
    return !(step.method === 'press' && /\.press\('(?:Shift\+)?Tab'\);$/.test(step.text));
  });
}

/** `''` if the last step already waits. Otherwise a wait for the URL after the sign-in, if it is a new one. */
function endOf(steps: readonly FlowStep[], { steps: recorded, endUrl, baseURL, isSecret }: FlowParts) {
  if (/\.waitFor\(\);$|^await expect\(/.test(steps.at(-1)?.text ?? '')) return '';
  if (endUrl === undefined || !/^https?:/.test(endUrl)) return undefined;
  const end = new URL(endUrl);
  const earlier = recorded.slice(0, -1).map(({ url }) => url);
  if (earlier.some((url) => URL.canParse(url) && samePage(new URL(url), end)) || isSecret(end.pathname))
    return undefined;
  const isAtHome = baseURL !== undefined && URL.canParse(baseURL) && new URL(baseURL).origin === end.origin;
  const host = isAtHome ? '' : `url.host === ${quoteText(end.host)} && `;
  return `await page.waitForURL((url) => ${host}url.pathname === ${quoteText(end.pathname)});`;
}

function samePage(one: URL, other: URL): boolean {
  return one.origin === other.origin && one.pathname === other.pathname;
}

/** Listed if they differ from the usual two, or if the session has others. */
function parametersOf(typed: TypedTexts, { values }: Pick<KnownTexts, 'values'>): readonly string[] {
  return [...new Set([...Object.keys(values ?? {}), ...typed.used()])];
}

function format(lines: readonly string[], typed: TypedTexts, parts: FlowParts): string {
  const parameters = parametersOf(typed, parts);
  const isUsual = [...parameters].sort().join() === usualParameters || parameters.length === 0;
  const tools = [
    'page',
    ...(typed.used().length > 0 ? ['credentials'] : []),
    ...(typed.usesCode() ? ['totp'] : []),
  ];
  const body = lines.filter((line) => line !== '').map((line) => indent(line, 4));
  const usesExpect = lines.some((line) => /\bexpect\(/.test(line));
  const named = `  parameters: [${parameters.map(quoteText).join(', ')}],`;
  return [
    ...(usesExpect ? [importOf('expect', '@playwright/test', parts)] : []),
    importOf('defineAuthFlow', parts.importedFrom, parts),
    '',
    `/** How to sign in as "${parts.session}", recorded from a sign-in by hand. */`,
    `${parts.syntax === 'import' ? 'export default' : 'module.exports ='} defineAuthFlow({`,
    ...(isUsual ? [] : [named]),
    `  async create({ ${tools.join(', ')} }) {`,
    ...todoOf(typed),
    ...body,
    '  },',
    ...addCheck,
    '});',
    '',
  ].join('\n');
}

function importOf(name: string, from: string, { syntax }: Pick<FlowParts, 'syntax'>): string {
  const source = quoteText(from);
  return syntax === 'import'
    ? `import { ${name} } from ${source};`
    : `const { ${name} } = require(${source});`;
}

function todoOf(typed: TypedTexts): string[] {
  return typed
    .missing()
    .map((name) => `    // TODO: give the session a reference for ${name}: 'op://vault/item/field'`);
}

function indent(text: string, by: number): string {
  const lines = text.split('\n');
  const deep = lines.slice(1).map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const common = Math.min(...deep, 2);
  return lines
    .map((line, index) => `${' '.repeat(by)}${index === 0 ? line : line.slice(common)}`.trimEnd())
    .join('\n');
}

const secretKinds: readonly SecretKind[] = ['password', 'code'];
const usualParameters = 'password,username';
const waitYourself =
  "// TODO: wait for an element visible only when signed in, such as: await page.getByText('Sign out').waitFor();";
const addCheck = [
  '',
  '  // TODO: check whether a stored session is still signed in. Without a check, only its age decides.',
  '  // async check({ request }) {',
  "  //   return (await request.get('/api/me')).ok();",
  '  // },',
];
