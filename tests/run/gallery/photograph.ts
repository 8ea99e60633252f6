import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { AnsiUp } from 'ansi_up';

/** Columns of the terminals in pictures. */
export const columns = 110;

export interface Camera {
  /** What a command has printed on a terminal with colours. */
  terminal(name: string, text: string): Promise<void>;
  /** A page. `prepare` brings it to what is to be seen. */
  page(name: string, url: string, options?: PageOptions): Promise<void>;
  /** A page that a person sees already. */
  shown(name: string, page: Page): Promise<void>;
}

export interface PageOptions extends BrowserContextOptions {
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Takes pictures into a folder. */
export function createCamera(browser: Browser, folder: string): Camera {
  const fileOf = (name: string) => path.join(folder, `${name}.png`);

  async function withPage(options: BrowserContextOptions, act: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({
      viewport: { width: 1000, height: 700 },
      deviceScaleFactor: 1.5,
      ...options,
    });
    try {
      await act(await context.newPage());
    } finally {
      await context.close();
    }
  }

  return {
    terminal: (name, text) =>
      withPage({}, async (page) => {
        await page.setContent(`<!doctype html><style>
          body { margin: 0; background: #16181d; }
          pre { margin: 0; padding: 20px 24px; width: ${columns}ch; font: 13px/1.45 'DejaVu Sans Mono', monospace;
            color: #e6e6e6; background: #16181d; white-space: pre-wrap; overflow-wrap: anywhere; }
          </style><pre>${new AnsiUp().ansi_to_html(text.trimEnd())}</pre>`);
        await page.locator('pre').screenshot({ path: fileOf(name) });
      }),
    page: (name, url, { prepare, ...options } = {}) =>
      withPage(options, async (page) => {
        await page.goto(url);
        await page.waitForLoadState('networkidle');
        await prepare?.(page);
        await page.screenshot({ path: fileOf(name) });
      }),
    shown: async (name, page) => void (await page.screenshot({ path: fileOf(name) })),
  };
}

/** Serves a report, which reads its files over HTTP, while `act` runs. */
export async function serving(folder: string, act: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const file = path.join(folder, decodeURIComponent(new URL(request.url ?? '/', 'http://report').pathname));
    const type = file.endsWith('.js') ? 'text/javascript' : file.endsWith('.css') ? 'text/css' : 'text/html';
    readFile(file.endsWith(path.sep) ? `${file}index.html` : file).then(
      (content) => response.writeHead(200, { 'content-type': type }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
    await act(`http://127.0.0.1:${address.port}/`);
  } finally {
    server.close();
  }
}
