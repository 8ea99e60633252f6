import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { anchorOf, headingsOf, listPages, root, type Page } from './pages.js';

/** Every page in reading order; the first, the longest, by its sections; then the API reference. */
export function createSidebar(): DefaultTheme.SidebarItem[] {
  const pages = listPages();
  const [guide, ...reference] = pages.filter(({ file }) => file === 'README.md' || file.startsWith('docs/'));
  if (!guide) throw new Error('there is no README.md');
  const first = { ...pageLink(guide), collapsed: true, items: sectionLinks(guide) };
  return [
    { text: 'Documentation', items: [first, ...reference.map(pageLink), apiReference()] },
    {
      text: 'Project',
      items: pages.filter((page) => page !== guide && !reference.includes(page)).map(pageLink),
    },
  ];
}

function sectionLinks(page: Page): DefaultTheme.SidebarItem[] {
  return headingsOf(page.file, '##').map((heading) => ({
    text: heading,
    link: `${linkTo(page)}#${anchorOf(heading)}`,
  }));
}

function pageLink(page: Page): DefaultTheme.SidebarItem {
  return { text: page.title, link: linkTo(page) };
}

function linkTo({ address }: Page): string {
  return `/${address}`;
}

interface ApiEntry {
  title: string;
  path?: string;
  children?: readonly ApiEntry[];
}

/** As `typedoc` has listed what it wrote. */
function apiReference(): DefaultTheme.SidebarItem {
  const entries = JSON.parse(readFileSync(path.join(root, 'docs/api/navigation.json'), 'utf8')) as ApiEntry[];
  return {
    text: 'API',
    link: '/api/',
    collapsed: true,
    items: entries.map((entry) => apiItem(entry, '/api/')),
  };
}

/** A group leads to its heading on the page that lists it. */
function apiItem({ title, path: file, children = [] }: ApiEntry, list: string): DefaultTheme.SidebarItem {
  const link =
    file === undefined ? `${list}#${anchorOf(title)}` : `/api/${file.replace(/(index)?\.md$/, '')}`;
  const items = children.map((child) => apiItem(child, link.replace(/#.*/, '')));
  return { text: title, link, ...(items.length > 0 && { collapsed: true, items }) };
}
