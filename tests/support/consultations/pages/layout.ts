import type { Account } from '../account.js';
import { html, type Html } from './html.js';

export interface Page {
  readonly title: string;
  readonly main: Html;
  /** A narrow card in the middle, for pages that ask for one thing. */
  readonly isNarrow?: boolean;
  /** Deferred scripts, by the names of their assets. */
  readonly scripts?: readonly string[];
}

/** Who looks at the page. */
export interface PageView {
  readonly path: string;
  readonly account?: Account;
  readonly csrfToken?: string;
  /** Only on the first page of a new sign-in, whose script keeps it. */
  readonly apiToken?: string;
}

export function renderLayout({ title, main, isNarrow, scripts = [] }: Page, view: PageView): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${view.apiToken !== undefined && html`<meta name="api-token" content="${view.apiToken}" />`}
        <title>${title} · Consultations</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/site.css" />
        ${view.account && html`<script src="/assets/keep-session.js"></script>`}
        ${scripts.map((name) => html`<script src="/assets/${name}" defer></script>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        ${header(view)}
        <main id="main" class="${isNarrow ? 'narrow' : 'wide'}">${main}</main>
        <footer><p>Consultations is a demonstration. Nobody is really waiting for you.</p></footer>
      </body>
    </html> `.text;
}

function header({ account, csrfToken, path }: PageView): Html {
  return html`<header>
    <div class="bar">
      <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="28" height="28" />Consultations</a>
      ${account && navigation(account, path)}
      ${
        account &&
        html`<form class="leave" method="post" action="/sign-out" data-sign-out>
          <input type="hidden" name="_csrf" value="${csrfToken}" />
          <span class="who">${account.name}</span>
          <button class="quiet">Sign out</button>
        </form>`
      }
    </div>
  </header>`;
}

function navigation({ role }: Account, path: string): Html {
  const links = [
    ['/', 'Dashboard'],
    ['/consultations', 'Consultations'],
    ...(role === 'admin' ? [['/admin', 'Admin'] as const] : []),
  ] as const;
  return html`<nav aria-label="Pages">
    ${links.map(
      ([href, name]) => html`<a href="${href}" ${href === path && html`aria-current="page"`}>${name}</a>`,
    )}
  </nav>`;
}
