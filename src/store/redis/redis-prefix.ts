import { createHash } from 'node:crypto';

/**
 * What all keys of one suite and one store key begin with. Other suites and other keys on the same Redis have
 * another one; the braces keep its keys in one slot of a Cluster. It does not show the suite's name.
 */
export function redisPrefix({ suite, keyId }: { readonly suite: string; readonly keyId: string }): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([suite, keyId]))
    .digest('hex');
  return `auth-sessions:{${digest.slice(0, 24)}}:`;
}
