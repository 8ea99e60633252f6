import { formatSymmetricKey, seal } from '../crypto/envelope.js';
import type { Answer } from '../http/exchange.js';
import type { ServiceAccount } from '../model/service-account.js';

/** GET /api/v2/account/keysets: the token's key opens a key that opens the private key of the vault keys. */
export async function listKeysets({ tokenKey, keysetKey, keyPair }: ServiceAccount): Promise<Answer> {
  const { publicKey, privateKey } = await keyPair;
  const names = { alg: 'RSA-OAEP', ext: true, kid: keysetKey.kid };
  const keyset = {
    uuid: keysetKey.kid,
    encryptedBy: 'mp',
    sn: 1,
    encSymKey: seal(formatSymmetricKey(keysetKey), tokenKey),
    encPriKey: seal({ ...privateKey.export({ format: 'jwk' }), ...names, key_ops: ['decrypt'] }, keysetKey),
    pubKey: { ...publicKey.export({ format: 'jwk' }), ...names, key_ops: ['encrypt'] },
  };
  return { status: 200, sealed: true, json: { version: 1, keysets: [keyset] } };
}
