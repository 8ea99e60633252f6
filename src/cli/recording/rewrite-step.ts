import type { FlowStep, RewriteOptions } from './flow-step.js';
import { formatCredential } from './format-credential.js';
import { leaveOutStep, opensCredential } from './leave-out-step.js';
import { quoteText } from './quote-text.js';
import type { TypedAs, TypedTexts } from './name-typed-text.js';
import { aboutOf, callOf } from './read-step.js';
import { relativeAddress } from './relative-address.js';
import {
  applyEdits,
  childOf,
  childrenOf,
  nodesOf,
  parseStatements,
  textOf,
  type Edit,
  type SyntaxNode,
} from './syntax.js';

/** Generated code with typed text replaced by its meaning. A step that still contains a secret is left out. */
export function rewriteStep(code: string, options: RewriteOptions): FlowStep[] {
  return parseStatements(code).flatMap((statement) => {
    const text = asWait(code, statement, options) ?? edited(code, statement, options);
    const isLeftOut =
      options.isSecret(text) || assertsSecret(text, options) || opensCredential(code, statement);
    if (isLeftOut) return leaveOutStep(code, statement, options);
    return [{ text, ...aboutOf(code, callOf(statement)) }];
  });
}

/** Turns an assertion that an element is visible into a wait: `await x.waitFor()`. */
function asWait(code: string, statement: SyntaxNode, options: RewriteOptions): string | undefined {
  const call = callOf(statement);
  const asserted = childOf(childOf(call, 'callee'), 'object');
  const isVisible = textOf(childOf(childOf(call, 'callee'), 'property')) === 'toBeVisible';
  if (!isVisible || !asserted || textOf(childOf(asserted, 'callee')) !== 'expect') return undefined;
  const [locator] = childrenOf(asserted, 'arguments');
  return locator && `await ${edited(code, locator, options)}.waitFor();`;
}

/** `toHaveValue('…')`, or a snapshot of a form: the person picked a field that contains a secret. */
function assertsSecret(text: string, { typedSecrets }: RewriteOptions): boolean {
  return (
    text.includes('expect(') && typedSecrets.some((secret) => text.includes(quoteText(secret).slice(1, -1)))
  );
}

function edited(code: string, statement: SyntaxNode, options: RewriteOptions): string {
  const edits: Edit[] = [];
  const done = new Set<SyntaxNode>();
  for (const node of nodesOf(statement)) {
    const typed = node.type === 'CallExpression' ? typedInto(node) : undefined;
    if (typed) {
      const by =
        options.part === undefined
          ? formatTyped(options.typed.nameOf(textOf(typed) ?? '', options.isPasswordField))
          : `${options.part.name}.charAt(${options.part.position})`;
      if (by !== undefined) edits.push({ start: typed.start, end: typed.end, text: by });
      done.add(typed);
    } else if (node.type === 'StringLiteral' && !done.has(node)) {
      const by = rewriteText(textOf(node) ?? '', options);
      if (by !== undefined) edits.push({ start: node.start, end: node.end, text: by });
    }
  }
  const shifted = edits.map(({ start, end, text }) => ({
    start: start - statement.start,
    end: end - statement.start,
    text,
  }));
  return applyEdits(code.slice(statement.start, statement.end), shifted);
}

/** The text that a call types into a field. */
function typedInto(call: SyntaxNode): SyntaxNode | undefined {
  const method = textOf(childOf(childOf(call, 'callee'), 'property'));
  const [typed] = childrenOf(call, 'arguments');
  return typingMethods.has(method ?? '') && typed?.type === 'StringLiteral' ? typed : undefined;
}

function formatTyped(typed: TypedAs): string | undefined {
  if (typed.by === 'code') return 'await totp()';
  return typed.by === 'credential' ? formatCredential(typed.parameter) : undefined;
}

/** In other texts, such as a button's name, a value may be a part. URLs become relative to the base URL. */
function rewriteText(text: string, { typed, values, baseURL }: RewriteOptions): string | undefined {
  const relative = relativeAddress(text, baseURL);
  const known = Object.values(values)
    .filter((value) => value.length >= shortestPart || value === text)
    .sort((one, other) => other.length - one.length);
  const found = known.filter((value) => value !== '' && relative.includes(value));
  if (found.length === 0) return relative === text ? undefined : quoteText(relative);
  const parts = found.reduce<(string | TypedAs)[]>(
    (all, value) => all.flatMap((part) => (typeof part === 'string' ? splitAt(part, value, typed) : [part])),
    [relative],
  );
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object') return formatTyped(only);
  const written = parts.map((part) =>
    typeof part === 'string' ? part.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&') : `\${${formatTyped(part) ?? ''}}`,
  );
  return `\`${written.join('')}\``;
}

function splitAt(part: string, value: string, typed: TypedTexts): (string | TypedAs)[] {
  return part
    .split(value)
    .flatMap((text, index): (string | TypedAs)[] => (index === 0 ? [text] : [typed.nameOf(value), text]))
    .filter((one) => one !== '');
}

const typingMethods: ReadonlySet<string> = new Set(['fill', 'pressSequentially', 'type']);
/** Shorter values are parts of many words. */
const shortestPart = 6;
