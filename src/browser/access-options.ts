import { createRequire } from 'node:module';
import type { BrowserContext, BrowserContextOptions } from '@playwright/test';
import { AuthSessionsError } from '../core/errors.js';
import type { SessionAccess } from '../core/session-access.js';

/**
 * A session's HTTP credentials and client certificates as options of a context. Certificates stay in memory. The version
 * of Playwright is read where it matters.
 *
 * @throws AuthSessionsError `ERR_PLAYWRIGHT_TOO_OLD`
 */
export function accessOptions(
  { httpCredentials = [], clientCertificates = [] }: SessionAccess = {},
  knownVersion?: string,
): Pick<BrowserContextOptions, 'httpCredentials' | 'clientCertificates'> {
  if (httpCredentials.length > 1) requireSeveral(knownVersion ?? playwrightVersion());
  const [first] = httpCredentials;
  const basic = httpCredentials.length > 1 ? httpCredentials : first;
  return {
    // The types of 1.62 have a single one.
    ...(basic && { httpCredentials: basic as NonNullable<BrowserContextOptions['httpCredentials']> }),
    ...(clientCertificates.length > 0 && {
      clientCertificates: clientCertificates.map(({ origin, cert, key, pfx, passphrase }) => ({
        origin,
        ...(cert !== undefined && { cert: Buffer.from(cert) }),
        ...(key !== undefined && { key: Buffer.from(key) }),
        ...(pfx !== undefined && { pfx: Buffer.from(pfx, 'base64') }),
        ...(passphrase !== undefined && { passphrase }),
      })),
    }),
  };
}

/** Remembers what a context was created with, which Playwright does not return. */
export function carryAccess(context: BrowserContext, access: SessionAccess | undefined): void {
  if (access) carried.set(context, access);
}

/** What a context was created with. */
export function accessOf(context: BrowserContext): SessionAccess | undefined {
  return carried.get(context);
}

const carried = new WeakMap<BrowserContext, SessionAccess>();

function requireSeveral(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major <= 1 && minor < firstWithSeveral) throw tooOld(version);
}

function playwrightVersion(): string {
  return (createRequire(import.meta.url)('@playwright/test/package.json') as { version: string }).version;
}

function tooOld(version: string): AuthSessionsError {
  return new AuthSessionsError('ERR_PLAYWRIGHT_TOO_OLD', {
    failed: 'A session has HTTP credentials for several origins.',
    known: `Playwright ${version} takes them for one.`,
    next: 'Update Playwright to 1.63 or newer.',
  });
}

const firstWithSeveral = 63;
