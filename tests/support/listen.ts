import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of a test. */
export interface Listening {
  readonly url: string;
  /** For a server that has several names. */
  readonly port: number;
  /** Ends open connections too. */
  readonly close: () => Promise<void>;
}

/** Lets a server listen on this machine. [a free port of 127.0.0.1] */
export async function listen(
  server: Server,
  { port = 0, host = '127.0.0.1' }: { readonly port?: number; readonly host?: string } = {},
): Promise<Listening> {
  await new Promise<void>((resolve) => {
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
