import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Canaries } from './canaries.js';
import { echoFrames } from './echo-socket.js';

/** A site that lets everybody in, and echoes every input. */
export interface CanarySite {
  readonly url: string;
  /** Every one-time code that it received. */
  readonly codes: ReadonlySet<string>;
  close(): Promise<void>;
}

export async function createCanarySite(canaries: Canaries): Promise<CanarySite> {
  const codes = new Set<string>();
  const server = createServer((request, response) => {
    void readText(request).then((body) => answer({ request, response, body, canaries, codes }));
  });
  const sockets = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    sockets.add(socket);
    echoFrames(request, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    codes,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  readonly canaries: Canaries;
  readonly codes: Set<string>;
}

function answer({ request, response, body, canaries, codes }: Exchange): void {
  const url = new URL(request.url ?? '/', 'http://site');
  const route = `${request.method ?? ''} ${url.pathname}`;
  const link = `http://${request.headers.host ?? ''}/enter?token=${canaries.mailToken}`;
  const page = (text: string) =>
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(`<!doctype html><title>Canaries</title>${text}`);
  if (route === 'GET /sign-in') return void page(signInForm);
  const told = url.searchParams.get('text') ?? '';
  if (route === 'GET /echo') return void page(`<p>${escapeHtml(told)}</p>`);
  if (route === 'GET /lines') return void page(`<pre>${escapeHtml(told)}</pre><textarea></textarea>`);
  if (route === 'GET /download')
    return void response
      .writeHead(200, { 'content-disposition': 'attachment; filename="told.bin"' })
      .end(told);
  if (route === 'GET /bytes')
    return void response
      .writeHead(200, { 'content-type': 'application/octet-stream' })
      .end(Buffer.concat([Buffer.from([0, 0xff, 0xfe]), Buffer.from(told), Buffer.from([0xc0, 0])]));
  if (route === 'GET /worker') return void page(registersWorker);
  if (route === 'GET /worker.js')
    return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(serviceWorker);
  if (route === 'POST /sign-in') {
    const code = new URLSearchParams(body).get('code');
    if (code && code !== canaries.mailCode) codes.add(code);
    return void response
      .writeHead(303, {
        location: '/',
        'set-cookie': `session=${canaries.jwt}; HttpOnly; Path=/; SameSite=Lax`,
      })
      .end();
  }
  if (route === 'POST /api/echo')
    return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ body }));
  if (route === 'GET /mail/code') return void response.end(mail('code', `Your code: ${canaries.mailCode}`));
  if (route === 'GET /mail/link') return void response.end(mail('link', `Sign in: ${link}`));
  if (route === 'GET /mailed') return void page(`<p>${canaries.mailCode}</p><a href="${link}">${link}</a>`);
  if (route === 'GET /api/mailed')
    return void response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ code: canaries.mailCode, link }));
  if (route === 'GET /passkey') return void response.end(JSON.stringify(canaries.passkey));
  if (route === 'GET /api/me')
    return void response.writeHead(request.headers.cookie?.includes('session=') ? 200 : 401).end();
  page(home(canaries));
}

/** To the account of the sessions that sign in by mail. */
function mail(subject: string, text: string): string {
  const headers = ['From: site@canaries.example', 'To: mail@canaries.example', `Subject: ${subject}`];
  return [...headers, 'Content-Type: text/plain; charset=utf-8', '', text, ''].join('\r\n');
}

const signInForm = `<form method="post">
  <label>Email <input name="username"></label>
  <label>Password <input name="password" type="password"></label>
  <label>Code <input name="code" autocomplete="one-time-code"></label>
  <button>Sign in</button></form>`;

const registersWorker = `<button>Ask</button><script>
  navigator.serviceWorker.register('/worker.js');
  navigator.serviceWorker.ready.then(() => document.body.append('ready'));
  navigator.serviceWorker.onmessage = ({ data }) => document.body.append(data);
</script>`;

/** Asks the site in the place of the page that gives it a text. */
const serviceWorker = `
  self.onactivate = (event) => event.waitUntil(self.clients.claim());
  self.onmessage = async ({ data, source }) => {
    const address = '/api/echo?from=worker&text=' + encodeURIComponent(data);
    const answer = await fetch(address, { method: 'POST', body: data, headers: { 'x-told': btoa(data) } });
    source.postMessage('answered ' + (await answer.text()));
  };`;

/** Its script keeps a token as many applications do. */
function home({ username, opaque }: Canaries): string {
  const token = JSON.stringify(JSON.stringify({ access_token: opaque }));
  return `<h1>Signed in</h1><p>${escapeHtml(username)}</p><button>Sign out</button>
    <script>localStorage.setItem('auth', ${token}); sessionStorage.setItem('auth', ${token});</script>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
