import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerWithFault } from './http/answer-with-fault.js';
import { deliver } from './http/deliver.js';
import { Refusal } from './http/exchange.js';
import type { Answer, Exchange } from './http/exchange.js';
import type { Fault } from './http/fault.js';
import { Faults } from './http/faults.js';
import type { FaultHandle } from './http/faults.js';
import { describeExchange, readExchange } from './http/read-exchange.js';
import { RequestLog } from './http/request-log.js';
import type { LoggedRequest } from './http/request-log.js';
import type { RequestPattern } from './http/request-pattern.js';
import type { Session } from './http/session.js';
import { Account } from './model/account.js';
import type { AccountOptions } from './model/account.js';
import { answerRequest } from './routes/answer.js';

export interface OnePasswordServerOptions {
  /** A free one when left out. */
  readonly port?: number;
  /** The clock of timestamps and rate limits. */
  readonly nowMs?: () => number;
  /** What faults with a probability ask; 0 to 1. */
  readonly random?: () => number;
}

/**
 * Starts a 1Password server on loopback that the real SDK signs in to: a token made here names it as its
 * sign-in address. It speaks what service accounts that read need, and refuses what a real server would.
 *
 * @example
 * const server = await createOnePasswordServer();
 * const account = server.addAccount({ name: 'acme' });
 * const vault = account.addVault({ title: 'automation' });
 * vault.addItem(login({ title: 'admin', username: 'ada', password: '…', totp: 'JBSWY3DPEHPK3PXP' }));
 * const { token } = account.addServiceAccount({ vaults: [{ vault }] });
 * const client = await createClient({ auth: token, … });
 * await server.close();
 */
export async function createOnePasswordServer(
  options: OnePasswordServerOptions = {},
): Promise<OnePasswordServer> {
  // On a busy machine a sign-in's maths take longer than the five seconds after which Node ends a connection.
  const http = createServer({ keepAliveTimeout: 300_000 });
  http.listen(options.port ?? 0, '127.0.0.1');
  await once(http, 'listening');
  return new OnePasswordServer(http, options);
}

export class OnePasswordServer implements AsyncDisposable {
  readonly url: string;
  readonly #http: Server;
  readonly #nowMs: () => number;
  readonly #accounts: Account[] = [];
  readonly #sessions = new Map<string, Session>();
  readonly #log = new RequestLog();
  readonly #faults: Faults;
  #open = 0;

  /** Takes an HTTP server that listens. */
  constructor(http: Server, options: OnePasswordServerOptions) {
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    this.#http = http;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#faults = new Faults(options.random ?? Math.random);
    http.on('request', (request, response) => void this.#handle(request, response));
  }

  addAccount(options: AccountOptions): Account {
    const account = new Account(options, this.url, this.#nowMs);
    this.#accounts.push(account);
    return account;
  }

  /** The requests so far, oldest first, that fit a pattern. */
  requests(pattern: RequestPattern = {}): readonly LoggedRequest[] {
    return this.#log.list(pattern);
  }

  count(pattern: RequestPattern = {}): number {
    return this.#log.list(pattern).length;
  }

  resetCounts(): void {
    this.#log.clear();
  }

  /** Requests that have no answer yet, and whose client has not gone away. */
  openRequests(): number {
    return this.#open;
  }

  /** Makes something go wrong from the next request on. Several faults on one request act one inside the other. */
  fault(fault: Fault): FaultHandle {
    return this.#faults.add(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** Requests that wait for an answer fail. Connections end, and the server goes on. */
  breakOffRequests(): void {
    this.#http.closeAllConnections();
  }

  /** Every client has to sign in again. */
  expireSessions(): void {
    for (const session of this.#sessions.values()) session.expire();
  }

  /** Stops at once; requests still open are broken off. */
  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.#http.close(resolve);
      this.#http.closeAllConnections();
    });
  }

  /** Lets `await using` close it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const whenMs = this.#nowMs();
    this.#open += 1;
    response.once('close', () => (this.#open -= 1));
    try {
      const identities = { accounts: this.#accounts, sessions: this.#sessions };
      const exchange = await readExchange(request, identities);
      const faults = this.#faults.strike(describeExchange(exchange));
      const end = this.#log.add({
        ...describeExchange(exchange),
        whenMs,
        userAgent: request.headers['user-agent'],
        faults: faults.map(({ kind }) => kind),
      });
      const answer = await this.#answer(exchange, faults);
      end(answer);
      deliver(response, answer, exchange.session);
    } catch {
      response.destroy(); // the client went away, or its session did
    }
  }

  async #answer(exchange: Exchange, faults: readonly Fault[]): Promise<Answer> {
    const plain = () =>
      answerRequest(exchange, this.#accounts, (session) => this.#sessions.set(session.id, session));
    const answer = faults.reduceRight<() => Promise<Answer>>(
      (next, fault) => () => answerWithFault(fault, exchange, next),
      plain,
    );
    try {
      return await answer();
    } catch (error) {
      if (!(error instanceof Refusal)) return { status: 500, refusal: String(error) };
      const { status, headers, message } = error;
      return { status, headers, json: { reason: message }, refusal: message };
    }
  }
}
