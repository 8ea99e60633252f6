import { randomBytes } from 'node:crypto';
import type { Environment } from './environment.js';
import { createId } from './id.js';

export interface WorkloadOptions {
  readonly name?: string;
  /** The subject of the OIDC tokens that it accepts, such as `repo:acme/shop:ref:refs/heads/main`. */
  readonly subject: string;
  /** Environments to read. */
  readonly environments: readonly Environment[];
}

/** A job's identity: who proves it with an OIDC token reads Environments, and nothing else. */
export class Workload {
  readonly id = createId();
  readonly name: string;
  readonly subject: string;
  readonly environments: readonly Environment[];
  /** What `OP_INTEGRATION_KEY` holds: it names the account's address, which the SDK takes over. */
  readonly integrationKey: string;
  /** `//host/accounts/ID/workloads/ID` */
  readonly path: string;
  readonly #accessTokens = new Set<string>();

  constructor({ name = 'workload', subject, environments }: WorkloadOptions, account: WorkloadAccount) {
    this.name = name;
    this.subject = subject;
    this.environments = environments;
    this.path = `//${account.host}/accounts/${account.id}/workloads/${this.id}`;
    const key = {
      ver: 1,
      typ: 'workload_identity_provider_key',
      key: randomBytes(32).toString('hex'),
      path: this.path,
    };
    this.integrationKey = `ops_${Buffer.from(JSON.stringify(key)).toString('base64url')}`;
  }

  /** Accepts a token for what it says, as no signature of an issuer is checked here. */
  accepts(oidcToken: string, audience: string): boolean {
    const { sub, aud, exp } = readClaims(oidcToken);
    return sub === this.subject && aud === audience && typeof exp === 'number' && exp > Date.now() / 1000;
  }

  createAccessToken(): string {
    const token = formatJsonWebToken({ sub: this.id, jti: createId() });
    this.#accessTokens.add(token);
    return token;
  }

  hasGiven(accessToken: string): boolean {
    return this.#accessTokens.has(accessToken);
  }

  /** Access tokens given so far are refused from now on. */
  forgetTokens(): void {
    this.#accessTokens.clear();
  }
}

interface WorkloadAccount {
  readonly id: string;
  readonly host: string;
}

/** An unsigned token in the form of a signed one (RFC 7519). */
export function formatJsonWebToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'RS256', typ: 'JWT' }), part(claims), randomBytes(32).toString('base64url')].join('.');
}

function readClaims(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    return JSON.parse(claims) as Record<string, unknown>;
  } catch {
    return {};
  }
}
