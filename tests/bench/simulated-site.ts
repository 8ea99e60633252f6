import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a simulated sign-in sends. */
export interface SignInAttempt {
  readonly account: string;
  readonly code: string;
  /** The broker's process ID. */
  readonly broker: number;
}

/** One sign-in, from its request on, until the site ends it. */
export interface Life extends SignInAttempt {
  readonly id: string;
  readonly number: number;
  isAlive: boolean;
}

export interface SimulatedSite {
  readonly url: string;
  /** In order. */
  readonly lives: readonly Life[];
  /** The life of this sign-in cookie. */
  find(id: string): Life | undefined;
  close(): Promise<void>;
}

/** Receives the sign-ins and checks of simulated flows. `onSignIn` sees each one before it is answered. */
export async function createSimulatedSite(
  onSignIn: (life: Life, earlier: readonly Life[]) => void = () => undefined,
): Promise<SimulatedSite> {
  const lives: Life[] = [];
  const byId = new Map<string, Life>();
  const ofAccount = new Map<string, Life[]>();
  const server = createServer((request, response) => {
    if (request.url === '/sign-in')
      void readJson(request).then((attempt) => {
        const life = { ...attempt, id: randomBytes(16).toString('hex'), number: lives.length, isAlive: true };
        const earlier = ofAccount.get(life.account) ?? [];
        onSignIn(life, earlier);
        ofAccount.set(life.account, [...earlier, life]);
        byId.set(life.id, life);
        lives.push(life);
        response.end(`life=${life.id}`);
      });
    else {
      const id = /life=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
      response.writeHead(byId.get(id)?.isAlive ? 200 : 401).end();
    }
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lives,
    find: (id) => byId.get(id),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readJson(request: IncomingMessage): Promise<SignInAttempt> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as SignInAttempt;
}
