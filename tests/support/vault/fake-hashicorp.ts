import { createServer } from 'node:http';
import { listen, type Listening } from '../listen.js';

/** A HashiCorp Vault as far as `docs/vaults.md` needs it: a KV engine, version 2, and tokens. */
export interface FakeHashicorp extends Listening {
  readonly token: string;
  /** The paths asked for, in order. */
  readonly asked: readonly string[];
  write(mount: string, item: string, data: Readonly<Record<string, string>>): void;
}

export async function startFakeHashicorp(): Promise<FakeHashicorp> {
  const token = 'hvs.fake-token-of-the-tests-4f1c';
  const contents = new Map<string, Record<string, string>>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '')
      .replace(/^\/v1\//, '')
      .split('/')
      .map(decodeURIComponent)
      .join('/');
    asked.push(path);
    const end = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.headers['x-vault-token'] !== token) return end(403, { errors: ['permission denied'] });
    if (path === 'auth/token/lookup-self') return end(200, { data: {} });
    const data = contents.get(path);
    return data ? end(200, { data: { data, metadata: { version: 1 } } }) : end(404, { errors: [] });
  });
  return {
    ...(await listen(server)),
    token,
    asked,
    write(mount, item, data) {
      const path = `${mount}/data/${item}`;
      contents.set(path, { ...contents.get(path), ...data });
    },
  };
}
