import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { addressOf, root } from './pages.js';

/**
 * Has the site's links follow the repository's, which are relative to the file that they are in: a link to a page leads
 * to that page, a link to a picture to its copy on the site, and a link to another file to the repository's host; where
 * no host is named, its text stays without the link.
 */
export function followRepositoryLinks(md: MarkdownRenderer, repository: string | undefined): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const { realPath, path: file } = env as { realPath?: string; path: string };
    const from = path.relative(root, realPath ?? file).replaceAll('\\', '/');
    for (const { children } of tokens)
      if (children) followLinks(children, (href) => siteLink(href, from, repository));
  });
}

/** @throws for a link to what is not in the repository */
export function siteLink(href: string, from: string, repository: string | undefined): string | undefined {
  if (/^([a-z][a-z\d+.-]*:|#)/i.test(href)) return href;
  const [, link = '', anchor = ''] = /^([^#]*)(.*)$/.exec(href) ?? [];
  const target = path.posix.join(path.posix.dirname(from), decodeURI(link)).replace(/\/$/, '');
  const place = path.join(root, target);
  if (target.startsWith('..') || !existsSync(place))
    throw new Error(`${from} links to ${href}, which is not there.`);
  if (/^(docs\/[^.]+|[^/]+)\.md$/.test(target)) return `/${addressOf(target)}.md${anchor}`;
  if (target.startsWith(`${picturesFolder}/`)) return `/${target.slice('docs/'.length)}`;
  return (
    repository && `${repository}/${statSync(place).isDirectory() ? 'tree' : 'blob'}/main/${target}${anchor}`
  );
}

type Token = ReturnType<MarkdownRenderer['parse']>[number];

function followLinks(tokens: Token[], follow: (href: string) => string | undefined): void {
  let keptClosing = true;
  const kept = tokens.filter((token) => {
    if (token.type === 'link_close') return keptClosing;
    if (token.type !== 'link_open') return true;
    const href = follow(token.attrGet('href') ?? '');
    keptClosing = href !== undefined;
    if (href !== undefined) token.attrSet('href', href);
    return keptClosing;
  });
  tokens.splice(0, tokens.length, ...kept);
}

export const picturesFolder = 'docs/pictures';
