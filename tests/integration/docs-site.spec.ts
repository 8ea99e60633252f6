import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { run } from '../run/command.mjs';
import { npmCommand } from '../run/packages.mjs';
import { serveFolder } from '../support/folder-server.js';
import { repository } from '../support/nested-run.js';

/** The site, built by its command for a folder of a host, and served there. */
interface BuiltSite {
  readonly folder: string;
  readonly url: string;
}

const host = 'https://code.example/acme/shop';

const test = base.extend<object, { site: BuiltSite }>({
  site: [
    async ({}, use) => {
      const folder = await mkdtemp(path.join(tmpdir(), 'site-'));
      const [command, ...args] = npmCommand();
      const built = await run(command, [...args, 'run', 'site', '--', '--outDir', folder], {
        cwd: repository,
        env: { SITE_BASE: '/sub/folder', SITE_REPOSITORY: host },
        quiet: true,
      });
      expect(built.code, built.output).toBe(0);
      const server = await serveFolder(folder, '/sub/folder/');
      await use({ folder, url: server.url });
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});

test.describe.configure({ mode: 'serial', timeout: 300_000 });

test('every page loads without an error, fits a telephone, and has no dead link', async ({ page, site }) => {
  const troubles = watch(page, site.url);
  await page.setViewportSize({ width: 375, height: 800 });
  const pages = await crawl(page, site.url);
  expect(troubles).toEqual([]);
  expect(pages.get('api/functions/withAuthSessions.html')?.title).toMatch(
    /withAuthSessions.* \| playwright-auth-sessions$/,
  );
  expect([...pages.values()].filter(({ overflow }) => overflow > 0)).toEqual([]);
  expect([...pages.keys()].sort()).toEqual(
    filesOf(site.folder, '.html').filter((file) => file !== '404.html'),
  );
  for (const [from, { links }] of pages)
    for (const link of links) expect(isDead(link, pages, site), `${from}: ${link}`).toBe(false);
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`is accessible: ${colorScheme}`, async ({ page, site }) => {
    await page.emulateMedia({ colorScheme });
    for (const address of [
      '',
      'overview.html',
      'options.html',
      'contributing.html',
      'api/functions/withAuthSessions.html',
    ]) {
      await open(page, site.url + address);
      // What the colours decide is all that differs in the dark.
      const builder = new AxeBuilder({ page });
      if (colorScheme === 'light') builder.withTags(['wcag2a', 'wcag2aa', 'wcag21aa']);
      else builder.withRules(['color-contrast', 'link-in-text-block']);
      const { violations } = await builder.analyze();
      expect(violations.map(({ id, nodes }) => [address, id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  });

test('search finds the page of an option by its name', async ({ page, site }) => {
  await open(page, site.url);
  await page.keyboard.press('Control+k');
  await page.getByRole('searchbox').fill('minRemainingSeconds');
  await page.getByRole('listbox').locator('a[href*="/options.html"]').first().click();
  await expect(page).toHaveURL(/\/options\.html/);
  await expect(page.getByRole('heading', { name: 'Options' })).toBeVisible();
});

test('contains no path of the machine that built it', ({ site }) => {
  const texts = ['.html', '.js', '.css', '.json'].flatMap((ending) => filesOf(site.folder, ending));
  const named = texts.filter((file) =>
    readFileSync(path.join(site.folder, file), 'utf8').includes(repository),
  );
  expect(named).toEqual([]);
});

interface CrawledPage {
  readonly title: string;
  readonly ids: ReadonlySet<string>;
  /** Absolute. */
  readonly links: readonly string[];
  /** How many pixels it is wider than the screen. */
  readonly overflow: number;
}

/** Every page that links lead to from the first one, by its file. */
async function crawl(page: Page, url: string): Promise<ReadonlyMap<string, CrawledPage>> {
  const pages = new Map<string, CrawledPage>();
  const queue = ['index.html'];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (pages.has(file)) continue;
    await open(page, url + file);
    const found = await page.evaluate(() => ({
      title: document.title,
      ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
      links: [...document.querySelectorAll<HTMLAnchorElement>('a[href]')].map(({ href }) => href),
      overflow: document.documentElement.scrollWidth - window.innerWidth,
    }));
    pages.set(file, { ...found, ids: new Set(found.ids), links: [...new Set(found.links)] });
    queue.push(
      ...found.links.flatMap((link) => fileOf(link, url) ?? []).filter((one) => one.endsWith('.html')),
    );
  }
  return pages;
}

function isDead(link: string, pages: ReadonlyMap<string, CrawledPage>, { folder, url }: BuiltSite): boolean {
  if (link === host) return false;
  if (link.startsWith(host))
    return !existsSync(path.join(repository, link.replace(/^.*\/(blob|tree|edit)\/main\/|#.*/g, '')));
  const file = fileOf(link, url);
  if (file === undefined) return !link.startsWith('https://');
  const anchor = decodeURIComponent(new URL(link).hash.slice(1));
  const target = pages.get(file);
  return target ? anchor !== '' && !target.ids.has(anchor) : !existsSync(path.join(folder, file));
}

/** The file of the site's folder that a link of the site leads to. */
function fileOf(link: string, url: string): string | undefined {
  if (!link.startsWith(url)) return undefined;
  const file = decodeURIComponent(link.slice(url.length).replace(/[?#].*/, ''));
  return file === '' || file.endsWith('/') ? `${file}index.html` : file;
}

/** Loaded, and taken over by the site's script. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}));
}

/** What goes wrong on the page from now on, and what it asks of other hosts. */
function watch(page: Page, url: string): readonly string[] {
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
      troubles.push(`asks ${request.url()}`);
  });
  page.on('response', (response) => {
    if (!response.ok()) troubles.push(`${response.status()} ${response.url()}`);
  });
  page.on('requestfailed', (request) => {
    // what the page was fetching ahead when it was left
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') troubles.push(`fails: ${request.url()}`);
  });
  return troubles;
}

function filesOf(folder: string, ending: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) =>
    file.replaceAll('\\', '/'),
  );
  return files.filter((file) => file.endsWith(ending)).sort();
}
