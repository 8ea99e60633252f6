import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';

/** As Playwright's `context.credentials.create` takes it. */
export interface Passkey {
  readonly id: string;
  readonly userHandle: string;
  readonly privateKey: string;
  readonly publicKey: string;
}

/** Values of the kinds that get lost between encodings; new ones for each suite, so that no other run has them. */
export interface Canaries {
  readonly passwords: Readonly<Record<string, string>>;
  readonly username: string;
  /** Of several lines: a private key as PEM. */
  readonly key: string;
  /** Base32. */
  readonly seed: string;
  /** In the session cookie, and in localStorage as a token. */
  readonly jwt: string;
  readonly opaque: string;
  readonly passkey: Passkey;
  /** What arrives by mail: a code, and the token of a link. */
  readonly mailCode: string;
  readonly mailToken: string;
}

export function createCanaries(): Canaries {
  const mark = () => randomBytes(6).toString('hex');
  return {
    passwords: {
      quotes: `it's "quoted" \\${mark()}`,
      markup: `<b>&amp;</b>${mark()}&"x"`,
      base64: `${mark()}+/cd==ef+/=`,
      words: `drei wörter ✓ ${mark()}`,
      percent: `100%25 %zz %41${mark()}`,
      long: `${mark()}${'0123456789abcdef'.repeat(4)}`.slice(0, 72),
    },
    username: `canary-${mark()}@canaries.example`,
    key: generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ format: 'pem', type: 'pkcs8' })
      .toString()
      .trim(),
    seed: base32(randomBytes(20)),
    jwt: [{ alg: 'HS256', typ: 'JWT' }, { sub: mark(), name: 'Ünicode' }, { sig: mark() }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.'),
    opaque: `opaque-${randomBytes(18).toString('base64url')}`,
    passkey: createPasskey(),
    mailCode: String(randomInt(10_000_000, 100_000_000)),
    mailToken: `mailed-${randomBytes(18).toString('base64url')}`,
  };
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five, 2)])
    .join('');
}

function createPasskey(): Passkey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    id: randomBytes(16).toString('base64url'),
    userHandle: randomBytes(8).toString('base64url'),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
  };
}
