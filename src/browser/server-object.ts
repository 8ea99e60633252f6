/**
 * The server's part of an object of Playwright's client, such as a browser context, if it is in this process. Matches
 * Playwright 1.65.1.
 */
export function serverObjectOf(object: object): unknown {
  const { _connection: connection } = object as { _connection?: { toImpl?: (one: object) => unknown } };
  try {
    return connection?.toImpl?.(object);
  } catch {
    return undefined;
  }
}
