import { credentialWords } from '../../redaction/credential-words.js';
import { quoteText } from './quote-text.js';
import { aboutOf, callOf } from './read-step.js';
import { relativeAddress } from './relative-address.js';
import type { FlowStep, RewriteOptions } from './flow-step.js';
import { childrenOf, textOf, type SyntaxNode } from './syntax.js';

/** Whether a URL was opened that may contain a credential, such as a link from an e-mail. */
export function opensCredential(code: string, statement: SyntaxNode): boolean {
  return credentialWords(openedBy(code, statement)?.address ?? '').length > 0;
}

/** Replaces a step that contains a secret. For a URL, only the query is removed. */
export function leaveOutStep(
  code: string,
  statement: SyntaxNode,
  { baseURL, isSecret }: Pick<RewriteOptions, 'baseURL' | 'isSecret'>,
): FlowStep[] {
  const { method, subject } = aboutOf(code, callOf(statement));
  const opened = openedBy(code, statement);
  if (opened) {
    const { origin, pathname } = new URL(opened.address);
    const bare = relativeAddress(`${origin}${pathname}`, baseURL);
    const text = `await ${subject ?? 'page'}.goto(${quoteText(bare)});`;
    if (!isSecret(bare) && credentialWords(bare).length === 0)
      return [{ text: leftOutQuery }, { text, method, subject }];
  }
  return [
    { text: `// TODO: a step (${method ?? 'a line'}) is left out here because it contained a secret.` },
  ];
}

function openedBy(code: string, statement: SyntaxNode): { readonly address: string } | undefined {
  const call = callOf(statement);
  const [given] = call ? childrenOf(call, 'arguments') : [];
  const address = textOf(given) ?? '';
  return aboutOf(code, call).method === 'goto' && URL.canParse(address) ? { address } : undefined;
}

const leftOutQuery =
  '// TODO: the query of this address is left out here because it contains or may contain a secret.';
