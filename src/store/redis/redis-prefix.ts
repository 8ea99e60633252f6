import { createHash } from 'node:crypto';

/**
 * What all keys of one project and one store key begin with. Other projects and other keys on the same Redis have
 * another one; the braces keep its keys in one slot of a Cluster. It does not show the project's name.
 */
export function redisPrefix({
  project,
  keyId,
}: {
  readonly project: string;
  readonly keyId: string;
}): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([project, keyId]))
    .digest('hex');
  return `auth-sessions:{${digest.slice(0, 24)}}:`;
}
