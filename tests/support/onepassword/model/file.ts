import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createSymmetricKey, formatSymmetricKey, type SymmetricKey } from '../crypto/envelope.js';
import type { Field } from './field.js';
import { createId } from './id.js';
import type { ItemContents } from './item.js';

/** A file of an item. The server stores it encrypted; its key is in the item. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  /** Of the content, in bytes. */
  readonly size: number;
  readonly key: SymmetricKey;
  readonly nonce: Buffer;
  /** AES-256-GCM with the tag at the end, as it is sent. */
  readonly encrypted: Buffer;
}

export function createFile(name: string, content: string | Uint8Array): StoredFile {
  const bytes = Buffer.from(content);
  const [key, nonce] = [createSymmetricKey(createId()), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce);
  const encrypted = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  return { id: createId(), name, size: bytes.length, key, nonce, encrypted };
}

/** A file attached to an item, in one of its sections. References name it by its file name. */
export function fileField(name: string, content: string | Uint8Array): Field {
  return { id: createId(), title: name, kind: 'file', value: createFile(name, content) };
}

/** Every file of an item. */
export function filesOf({ document, sections }: ItemContents): StoredFile[] {
  const attached = sections.flatMap(({ fields }) => fields).filter(({ kind }) => kind === 'file');
  return [...(document ? [document] : []), ...attached.map(({ value }) => value as StoredFile)];
}

/** What an item's details have of a file. */
export function formatFile({ id, name, size, key, nonce, encrypted }: StoredFile): Record<string, unknown> {
  return {
    fileName: name,
    documentId: id,
    unencryptedSize: size,
    encryptedSize: encrypted.length,
    integrityHash: createHash('sha256').update(encrypted).digest('base64url'),
    nonce: nonce.toString('base64url'),
    encryptionKey: formatSymmetricKey(key),
  };
}
