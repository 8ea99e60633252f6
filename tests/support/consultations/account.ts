export type Role = 'admin' | 'customer';

/** How an account's codes are made (RFC 6238). */
export interface AccountTotp {
  /** Base32, RFC 4648 section 6. */
  readonly secret: string;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly digits: 6 | 7 | 8;
  readonly periodSeconds: number;
}

/** An account of the site. */
export interface Account {
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
  readonly totp: AccountTotp;
}
