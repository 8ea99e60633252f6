import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { listen } from './listen.js';

export interface BasicAccount {
  readonly username: string;
  readonly password: string;
}

/** Two sites behind HTTP Basic with an account each, and one that requires a client certificate. */
export interface AccessSite {
  readonly gateway: string;
  readonly files: string;
  readonly partner: string;
  /** The client's certificate and key. */
  readonly client: KeyPair;
  /** Who came to each site: the account's name, the certificate's, or nobody. */
  readonly visitors: Readonly<Record<'gateway' | 'files' | 'partner', string[]>>;
  close(): Promise<void>;
}

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
  /** Both in a PKCS #12 archive, with the passphrase `archive-pass-31q`. */
  readonly pfx: Buffer;
}

export async function createAccessSite(
  accounts: Readonly<Record<'gateway' | 'files', BasicAccount>>,
): Promise<AccessSite> {
  const visitors: AccessSite['visitors'] = { gateway: [], files: [], partner: [] };
  const [own, client] = [createKeyPair('localhost'), createKeyPair('partner client')];

  const basic = (site: 'gateway' | 'files') => {
    const { username, password } = accounts[site];
    return createServer((request, response) => {
      const given = Buffer.from(
        request.headers.authorization?.slice('Basic '.length) ?? '',
        'base64',
      ).toString();
      const isKnown = given === `${username}:${password}`;
      visit(request, visitors[site], given.split(':')[0] ?? '');
      const more = request.url === '/echo' ? JSON.stringify(request.headers) : '';
      answer(response, {
        status: isKnown ? 200 : 401,
        headers: { 'www-authenticate': 'Basic realm="x"' },
        more,
      });
    });
  };
  const partner = createTlsServer(
    { cert: own.cert, key: own.key, ca: client.cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      visit(request, visitors.partner, nameOf(socket));
      answer(response, { status: socket.authorized ? 200 : 403, headers: {} });
    },
  );
  const servers = [basic('gateway'), basic('files'), partner];
  const listening = await Promise.all(servers.map((server) => listen(server)));
  const [gatewayPort, filesPort, partnerPort] = listening.map(({ port }) => port);
  return {
    gateway: `http://127.0.0.1:${gatewayPort}`,
    files: `http://localhost:${filesPort}`,
    partner: `https://localhost:${partnerPort}`,
    client,
    visitors,
    close: async () => void (await Promise.all(listening.map((one) => one.close()))),
  };
}

/** A client without a certificate has an empty one. */
function nameOf(socket: TLSSocket): string {
  const { subject } = socket.getPeerCertificate() as { readonly subject?: { readonly CN?: string } };
  return subject?.CN ?? '';
}

function visit({ url }: IncomingMessage, visitors: string[], name: string): void {
  if (url !== '/favicon.ico') visitors.push(name || 'nobody');
}

function answer(
  response: ServerResponse,
  {
    status,
    headers,
    more = '',
  }: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly more?: string },
): void {
  const text = status === 200 ? 'Welcome' : 'Go away';
  response
    .writeHead(status, { ...headers, 'content-type': 'text/html' })
    .end(`<h1>${text}</h1><pre>${more}</pre>`);
}

function createKeyPair(name: string): KeyPair {
  const folder = mkdtempSync(path.join(tmpdir(), 'key-pair-'));
  const [cert = '', key = '', pfx = ''] = ['cert.pem', 'key.pem', 'both.p12'].map((one) =>
    path.join(folder, one),
  );
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'];
  try {
    execFileSync('openssl', [...request, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
    const archive = ['pkcs12', '-export', '-in', cert, '-inkey', key, '-passout', 'pass:archive-pass-31q'];
    execFileSync('openssl', [...archive, '-out', pfx], { stdio: 'ignore' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8'), pfx: readFileSync(pfx) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
