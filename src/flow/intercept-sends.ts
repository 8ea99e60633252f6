import { AsyncLocalStorage } from 'node:async_hooks';
import type { APIRequestContext, BrowserContext } from '@playwright/test';

/**
 * The only file that stands between Playwright's client and what it sends to the browser: also the messages of one call
 * that `watchingCalls` does not see. Matches Playwright 1.62 to 1.65.1; tests/contract/websites.spec.ts fails if this
 * changes.
 */

/** An object of Playwright's client. */
export interface ClientObject {
  readonly _type: string;
  readonly _initializer: Readonly<Record<string, unknown>>;
  readonly _parent?: ClientObject | undefined;
  /** Set for a frame. */
  readonly _url?: string;
  readonly _parentFrame?: ClientObject | null;
  /** Set for a page. */
  readonly _mainFrame?: ClientObject;
  readonly _frames?: ReadonlySet<ClientObject>;
}

/** A message, before it is sent: `Frame`, `fill`, `{ selector, value, … }`. */
export interface Message {
  readonly object: ClientObject;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** 0: none. */
  readonly timeoutMs: number;
}

export interface Sending {
  /** Sends the message as it is. */
  asIs(): Promise<unknown>;
  /** Sends another one instead, or before it. */
  other(message: Partial<Message> & Pick<Message, 'object' | 'method'>): Promise<Record<string, unknown>>;
}

export type Interceptor = (message: Message, sending: Sending) => Promise<unknown>;

/**
 * Runs `work`, with each message from `owner` and from `work` itself going through `interceptor`. `undefined` if this
 * cannot be done.
 */
export function interceptingSends(
  owner: BrowserContext | APIRequestContext,
  interceptor: Interceptor,
): (<Result>(work: () => Promise<Result>) => Promise<Result>) | undefined {
  const { _connection: connection } = owner as unknown as { readonly _connection?: Partial<Connection> };
  if (!isConnection(connection)) return undefined;
  intercept(connection);
  return async (work) => {
    owners.set(owner, interceptor);
    try {
      return await working.run(interceptor, work);
    } finally {
      owners.delete(owner);
    }
  };
}

/** The object behind a channel in a message's answer or an initializer. */
export function objectOf(channel: unknown): ClientObject | undefined {
  return (channel as { readonly _object?: ClientObject } | null | undefined)?._object;
}

function intercept(connection: Connection): void {
  if (intercepted.has(connection)) return;
  intercepted.add(connection);
  const send = connection.sendMessageToServer.bind(connection);
  connection.sendMessageToServer = async (...given) => {
    const [object, method, params, options] = given;
    // The owner counts first: a handler of one context may run while another one sends.
    const interceptor = interceptorOf(object) ?? working.getStore();
    if (!interceptor) return send(...given);
    const { signal, timeout = 0 } = options;
    return interceptor(
      { object, method, params: params ?? {}, timeoutMs: timeout },
      {
        asIs: () => send(...given),
        other: async (message) => {
          const own = { internal: true, signal, timeout: message.timeoutMs ?? timeout };
          return (await send(message.object, message.method, message.params ?? {}, own)) as Record<
            string,
            unknown
          >;
        },
      },
    );
  };
}

function interceptorOf(object: ClientObject): Interceptor | undefined {
  for (let one: ClientObject | undefined = object; one; one = one._parent) {
    const found = owners.get(one);
    if (found) return found;
  }
  return undefined;
}

function isConnection(connection: Partial<Connection> | undefined): connection is Connection {
  return typeof connection?.sendMessageToServer === 'function';
}

interface Connection {
  sendMessageToServer(
    ...given: [
      object: ClientObject,
      method: string,
      params: Readonly<Record<string, unknown>> | undefined,
      options: SendOptions,
    ]
  ): Promise<unknown>;
}

interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
  readonly internal?: boolean | undefined;
}

const intercepted = new WeakSet<Connection>();
const owners = new WeakMap<object, Interceptor>();
const working = new AsyncLocalStorage<Interceptor>();
