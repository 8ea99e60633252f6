import { childOf, childrenOf, parseStatements, textOf, type SyntaxNode } from './syntax.js';

/** What a generated statement does: `page.getByLabel('Email')`, `fill`, `me@shop.example`. */
export interface StepFacts {
  readonly subject?: string | undefined;
  readonly method?: string | undefined;
  /** The filled-in text, or the pressed key. */
  readonly given?: string | undefined;
}

/** Empty for several statements, such as those of a popup. */
export function readStep(code: string): StepFacts {
  const [statement, ...others] = parseStatements(code);
  if (!statement || others.length > 0) return {};
  const call = callOf(statement);
  const [given] = call ? childrenOf(call, 'arguments') : [];
  return { ...aboutOf(code, call), given: given?.type === 'StringLiteral' ? textOf(given) : undefined };
}

/** The call in `await x.y(…)`. */
export function callOf(statement: SyntaxNode): SyntaxNode | undefined {
  const awaited = childOf(childOf(statement, 'expression'), 'argument');
  return awaited?.type === 'CallExpression' ? awaited : undefined;
}

/** The target and the method of a call. */
export function aboutOf(code: string, call: SyntaxNode | undefined): Omit<StepFacts, 'given'> {
  const subject = childOf(childOf(call, 'callee'), 'object');
  return {
    subject: subject && code.slice(subject.start, subject.end),
    method: textOf(childOf(childOf(call, 'callee'), 'property')),
  };
}
