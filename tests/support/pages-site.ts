import { createServer, type IncomingMessage } from 'node:http';
import { listen } from './listen.js';

/** Pages that a test writes, the same at many origins. */
export interface PagesSite {
  /** An origin of this site. Two names are two sites to a browser. */
  origin(name: string): string;
  /** Adds a page, and returns its path. */
  page(html: string, headers?: Readonly<Record<string, string>>, status?: number): string;
  /** The requests so far, oldest first. */
  readonly requests: readonly IncomingMessage[];
  close(): Promise<void>;
}

export async function createPagesSite(): Promise<PagesSite> {
  const pages: { html: string; headers: Readonly<Record<string, string>>; status: number }[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const page = pages[Number(new URL(request.url ?? '/', 'http://host').pathname.slice('/page-'.length))];
    if (!page) return void response.writeHead(404).end();
    response.writeHead(page.status, { 'content-type': 'text/html', ...page.headers }).end(page.html);
  });
  const { url, close } = await listen(server);
  const { port } = new URL(url);
  return {
    origin: (name) => `http://${name}.localhost:${port}`,
    page: (html, headers = {}, status = 200) => `/page-${pages.push({ html, headers, status }) - 1}`,
    requests,
    close,
  };
}
