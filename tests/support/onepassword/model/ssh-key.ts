import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { item } from './item-builders.js';
import type { ItemOptions } from './item-builders.js';
import type { ItemContents } from './item.js';

/** An item with an Ed25519 key: a new one, or the one given in PKCS #8 PEM. */
export function sshKey({
  privateKey = createEd25519(),
  ...options
}: ItemOptions & { privateKey?: string }): ItemContents {
  const blob = formatPublicBlob(privateKey);
  const sshKeyAttributes = {
    privateKey,
    publicKey: `${KEY_TYPE} ${blob.toString('base64')}`,
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    keyType: { t: 'ed25519' },
  };
  return item('SshKey', options, {
    fields: [
      {
        id: 'private_key',
        title: 'private key',
        kind: 'sshKey',
        value: privateKey,
        attributes: { sshKeyAttributes },
      },
    ],
  });
}

function createEd25519(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public key in SSH's wire format (RFC 8709, section 4). */
function formatPublicBlob(privateKey: string): Buffer {
  const { x = '' } = createPublicKey(createPrivateKey(privateKey)).export({ format: 'jwk' });
  return Buffer.concat([Buffer.from(KEY_TYPE), Buffer.from(x, 'base64url')].flatMap(withLength));
}

function withLength(bytes: Buffer): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

const KEY_TYPE = 'ssh-ed25519';
