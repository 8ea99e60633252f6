import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { listen } from '../listen.js';

export interface Mailpit {
  readonly url: string;
  add(to: string, source: Buffer): void;
  close(): Promise<void>;
}

/** Speaks the part of Mailpit's API that the documented adapter uses: newest first, as Mailpit does. */
export async function startMailpit(): Promise<Mailpit> {
  const messages: { readonly id: string; readonly to: string; readonly source: Buffer }[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://mailpit');
    const id = /^\/api\/v1\/message\/([^/]+)\/raw$/.exec(pathname)?.[1];
    if (id !== undefined) {
      const message = messages.find((one) => one.id === id);
      response.writeHead(message ? 200 : 404, { 'content-type': 'text/plain' }).end(message?.source);
      return;
    }
    const wanted = /^to:"(.*)"$/.exec(searchParams.get('query') ?? '')?.[1];
    const found = messages.filter(({ to }) => to === wanted).reverse();
    const summaries = found.map((one) => ({
      ...{ ID: one.id, MessageID: one.id, Read: false, Subject: '', Size: one.source.length },
      ...{ To: [{ Name: '', Address: one.to }], Cc: [], Bcc: [], Attachments: 0, Tags: [], Snippet: '' },
    }));
    const counts = { total: messages.length, unread: 0, count: summaries.length, start: 0 };
    const body = { ...counts, messages_count: summaries.length, tags: [], messages: summaries };
    response
      .writeHead(pathname === '/api/v1/search' ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify(body));
  });
  const { url, close } = await listen(server);
  return {
    url,
    add: (to, source) => void messages.push({ id: randomUUID(), to, source }),
    close,
  };
}
