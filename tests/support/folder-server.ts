import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { listen } from './listen.js';

/** Files of a folder, below a path of a host, as a static host gives them. */
export interface FolderServer {
  /** With a `/` at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** `base` begins and ends with `/`; what is not there is answered with the folder's `404.html`. */
export async function serveFolder(folder: string, base: string): Promise<FolderServer> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    const file = path.join(folder, asked.slice(base.length), asked.endsWith('/') ? 'index.html' : '');
    const isBelow = asked.startsWith(base) && file.startsWith(folder + path.sep);
    void (isBelow ? readFile(file) : Promise.reject(new Error('elsewhere'))).then(
      (content) =>
        response
          .writeHead(200, {
            'content-type': types[path.extname(file)] ?? 'application/octet-stream',
            // Hosts have a browser keep what pages share: it parses a script once, not with every page.
            'cache-control': 'max-age=600',
          })
          .end(content),
      async () => {
        const page = await readFile(path.join(folder, '404.html')).catch(() => '');
        response.writeHead(404, { 'content-type': types['.html'] }).end(page);
      },
    );
  });
  const { url, close } = await listen(server);
  return { url: `${url}${base}`, close };
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
