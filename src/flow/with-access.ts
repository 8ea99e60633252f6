import { AuthSessionsError } from '../core/errors.js';
import type { FlowJob, SignInCredentials } from '../core/ports.js';
import { nameOfValue, type DeclaredAccess, type SessionAccess } from '../core/session-access.js';
import type { SecretValue } from '../core/secret-value.js';
import { emptyState } from '../core/storage-state.js';
import { baseURLOf } from './flow-context.js';
import { findMismatch } from './website-mismatch.js';

/**
 * A sign-in that starts with the HTTP credentials and client certificates that its session declares.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID` if no origin is known; `ERR_WEBSITE_MISMATCH` if a value does not
 *   belong to its origin
 */
export function withAccess(job: FlowJob & SignInCredentials): FlowJob & SignInCredentials {
  const { access } = job.session;
  return access ? { ...job, from: { ...(job.from ?? emptyState), access: accessFrom(access, job) } } : job;
}

function accessFrom(declared: DeclaredAccess, job: FlowJob & SignInCredentials): SessionAccess {
  const valuesAt = (kind: keyof DeclaredAccess, index: number) => (field: string) =>
    job.values[nameOfValue(kind, index, field)];
  const originOf = (origin: string | undefined) => new URL(origin ?? baseURLOf(job) ?? noOrigin(job)).origin;
  const permitted = (kind: keyof DeclaredAccess, index: number, origin: string) => {
    for (const [name, secret] of job.bound ?? [])
      if (name.startsWith(nameOfValue(kind, index, ''))) requireFitting(job, secret, origin);
    return origin;
  };
  return {
    httpCredentials: declared.httpCredentials.map(({ origin, send }, index) => {
      const value = valuesAt('httpCredentials', index);
      const account = { username: value('username') ?? '', password: value('password') ?? '' };
      const at = permitted('httpCredentials', index, originOf(origin));
      return { origin: at, ...account, ...(send && { send }) };
    }),
    clientCertificates: declared.clientCertificates.map(({ origin }, index) => {
      const value = valuesAt('clientCertificates', index);
      const [cert, key] = [value('cert'), value('key')].map((text) => text && withLineBreaks(text));
      const [pfx, passphrase] = [value('pfx'), value('passphrase')];
      const at = permitted('clientCertificates', index, originOf(origin));
      return { origin: at, cert, key, pfx, passphrase };
    }),
  };
}

function requireFitting({ session }: FlowJob, secret: SecretValue, origin: string): void {
  const mismatch = findMismatch(session, secret, [origin]);
  if (mismatch) throw mismatch;
}

/** A field of one line replaces the line breaks of PEM by spaces; environment files escape them. */
function withLineBreaks(pem: string): string {
  return pem.replaceAll(/-----BEGIN [^-]+-----[^-\n]*-----END [^-]+-----/g, (line) => {
    const [, begin = '', body = '', end = ''] =
      /^(-----BEGIN [^-]+-----)(.*)(-----END [^-]+-----)$/.exec(line) ?? [];
    return [begin, ...body.split(/(?:\s|\\r|\\n)+/).filter((part) => part !== ''), end, ''].join('\n');
  });
}

function noOrigin({ session: { name } }: FlowJob): never {
  throw new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    {
      failed: `Session "${name}": its httpCredentials or clientCertificates have no origin.`,
      known: 'Neither the session nor the project sets a base URL.',
      next: 'Add origin to each of them, or baseURL to the session.',
    },
    { session: name },
  );
}
