import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { anchorOf, listGroups, root } from './pages.js';

/** Every page in reading order, in groups; the API reference is part of the reference. */
export function createSidebar(): DefaultTheme.SidebarItem[] {
  return listGroups().map(({ title, pages }) => {
    const items = pages.map((page) => ({ text: page.title, link: `/${page.address}` }));
    return { text: title, items: title === 'Reference' ? [...items, apiReference()] : items };
  });
}

interface ApiEntry {
  title: string;
  path?: string;
  children?: readonly ApiEntry[];
}

/** As `typedoc` has listed what it wrote: the names of the main entry, then the other entries. */
function apiReference(): DefaultTheme.SidebarItem {
  const entries = JSON.parse(readFileSync(path.join(root, 'docs/api/navigation.json'), 'utf8')) as ApiEntry[];
  const isMain = ({ path: file }: ApiEntry) => file === 'index.md';
  const listed = [
    ...entries.filter(isMain).flatMap(({ children = [] }) => children),
    ...entries.filter((entry) => !isMain(entry)),
  ];
  return {
    text: 'API',
    link: '/api/',
    collapsed: true,
    items: listed.map((entry) => apiItem(entry, '/api/')),
  };
}

/** A group leads to its heading on the page that lists it. */
function apiItem({ title, path: file, children = [] }: ApiEntry, list: string): DefaultTheme.SidebarItem {
  const link =
    file === undefined ? `${list}#${anchorOf(title)}` : `/api/${file.replace(/(index)?\.md$/, '')}`;
  const items = children.map((child) => apiItem(child, link.replace(/#.*/, '')));
  return { text: title, link, ...(items.length > 0 && { collapsed: true, items }) };
}
