import type { StoreClient, StoreOptions } from '../../core/store-options.js';
import { AuthSessionsError } from '../../core/errors.js';

/**
 * A client that the suite makes itself. What it threw may contain the URL, so only the kind of the error is shown.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`
 */
export async function createHandedClient(
  make: NonNullable<StoreOptions['client']>,
  url: string | undefined,
): Promise<StoreClient> {
  let client: unknown;
  try {
    client = await make({ url });
  } catch (error) {
    throw unusable(`It threw ${error instanceof Error ? error.name : 'something'}.`);
  }
  if (!isClient(client)) throw unusable('What it returned is not a client of @redis/client.');
  return client;
}

function isClient(value: unknown): value is StoreClient {
  return (
    typeof value === 'object' &&
    value !== null &&
    (['connect', 'destroy', 'on', 'eval'] as const).every(
      (name) => name in value && typeof (value as Record<string, unknown>)[name] === 'function',
    )
  );
}

function unusable(known: string): AuthSessionsError {
  return new AuthSessionsError('ERR_CONFIG_INVALID', {
    failed: 'store.client made no client for Redis.',
    known,
    next: 'Return createClient, createCluster or createSentinel of @redis/client from it.',
  });
}
