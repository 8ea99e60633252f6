import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitepress';
import { addressOf, anchorOf, headingsOf, listPages, root } from './pages.js';
import { followRepositoryLinks, picturesFolder } from './repository-links.js';
import { createSidebar } from './sidebar.js';

/** Where the host serves the site: `/`, or a folder such as `/name/`. */
const base = `/${process.env.SITE_BASE ?? ''}/`.replaceAll(/\/+/g, '/');
/** The repository's address at its host, without which the site does not link there. */
const repository = process.env.SITE_REPOSITORY ? process.env.SITE_REPOSITORY.replace(/\/$/, '') : undefined;

const wideTables = ['README.md', 'docs/options.md'];

const { name, description } = readManifest();
const titles = new Map(listPages().map((page) => [page.file, page.title]));

export default defineConfig({
  title: name,
  description,
  lang: 'en',
  base,
  head: [['link', { rel: 'icon', href: icon() }]],

  // The pages stay where they are in the repository, and link to each other as they do there.
  srcDir: '..',
  srcExclude: foldersOfCode(),
  rewrites: (file) => `${addressOf(file)}.md`,
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: anchorOf },
    config: (md) => followRepositoryLinks(md, repository),
  },

  transformPageData({ filePath, frontmatter }) {
    if (frontmatter.layout === 'home')
      frontmatter.hero = { name, tagline: description, ...(frontmatter.hero as object) };
    if (filePath.startsWith('docs/api/')) frontmatter.editLink = false;
    // Wide tables get the room of the outline.
    else if (wideTables.includes(filePath) || headingsOf(filePath, '#{2,3}').length === 0)
      frontmatter.aside = false;
    const title = titles.get(filePath);
    return title === undefined ? {} : { title };
  },
  buildEnd({ outDir }) {
    cpSync(path.join(root, picturesFolder), path.join(outDir, path.basename(picturesFolder)), {
      recursive: true,
    });
  },

  themeConfig: {
    sidebar: createSidebar(),
    nav: [
      { text: 'Get started', link: '/getting-started' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Options', link: '/options' },
      { text: 'API', link: '/api/', activeMatch: '/api/' },
    ],
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        // The reference of the API has a heading for each option of each type, and would hide the pages.
        miniSearch: { searchOptions: { boostDocument: (id: string) => (id.includes('/api/') ? 0.1 : 1) } },
      },
    },
    ...(repository && {
      socialLinks: [{ icon: 'github', link: repository }],
      editLink: { pattern: `${repository}/edit/main/:path`, text: 'Edit this page' },
    }),
  },
});

function readManifest(): { name: string; description: string } {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    name: string;
    description: string;
  };
}

function foldersOfCode(): string[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.filter((folder) => folder.name !== 'docs').map((folder) => `${folder.name}/**`);
}

function icon(): string {
  const image = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#5672cd" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"><circle cx="8" cy="15" r="5"/><path d="m12 11 8-8m-4 4 4 4"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(image)}`;
}
