import { childOf, childrenOf, parseStatements, textOf, type SyntaxNode } from './syntax.js';

/** What one generated statement does: `page.getByLabel('Email')`, `fill`, `me@shop.example`. */
export interface StepFacts {
  readonly subject?: string | undefined;
  readonly method?: string | undefined;
  /** What is filled in, or the key that is pressed. */
  readonly given?: string | undefined;
}

/** Nothing for code of several statements, as that of a popup. */
export function readStep(code: string): StepFacts {
  const [statement, ...others] = parseStatements(code);
  if (!statement || others.length > 0) return {};
  const call = callOf(statement);
  const [given] = call ? childrenOf(call, 'arguments') : [];
  return { ...aboutOf(code, call), given: given?.type === 'StringLiteral' ? textOf(given) : undefined };
}

/** `await x.y(…)`: the call. */
export function callOf(statement: SyntaxNode): SyntaxNode | undefined {
  const awaited = childOf(childOf(statement, 'expression'), 'argument');
  return awaited?.type === 'CallExpression' ? awaited : undefined;
}

/** Whose method a call calls, and which. */
export function aboutOf(code: string, call: SyntaxNode | undefined): Omit<StepFacts, 'given'> {
  const subject = childOf(childOf(call, 'callee'), 'object');
  return {
    subject: subject && code.slice(subject.start, subject.end),
    method: textOf(childOf(childOf(call, 'callee'), 'property')),
  };
}
