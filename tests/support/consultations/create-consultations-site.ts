import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createAccountBook } from './account-book.js';
import type { Account } from './account.js';
import { createConsultationBook } from './consultation.js';
import { createApp } from './create-app.js';
import { demoAccounts } from './demo-accounts.js';
import { demoConsultations } from './demo-consultations.js';
import { resetSite } from './reset-site.js';
import { createSessionBook } from './session-book.js';
import type { Site } from './site.js';
import { readStateFile, writeStateFile } from './state-file.js';

export interface ConsultationsSiteOptions {
  /** Who may sign in. [the demo accounts] */
  readonly accounts?: readonly Account[];
  /** [0: any free one] */
  readonly port?: number;
  /** [127.0.0.1] */
  readonly host?: string;
  /** The site's clock, for codes, session lives and grace periods. [the system's] */
  readonly nowMs?: () => number;
  /** From the sign-in on, used or not. [28800: 8 hours] */
  readonly sessionLifeSeconds?: number;
  /** Whether each page and each API answer replaces the session cookie, and how long the old value goes on. [false] */
  readonly rotateSessionCookie?: false | { readonly graceSeconds: number };
  /** Whether the sign-in page asks for a human instead of showing its form. [false] */
  readonly captcha?: boolean;
  /** Keeps sessions, accepted time steps and consultations over a restart. [none: in memory] */
  readonly stateFile?: string;
  /** Opens `/test-controls/*` to requests that have it in the header `x-test-control-key`. [none: closed] */
  readonly testControlKey?: string;
  /** For one address and one account. [300] */
  readonly signInAttemptsPerMinute?: number;
}

/** The site while it runs, and what tests can see and do behind its back. */
export interface ConsultationsSite {
  /** Without a slash at its end. */
  readonly url: string;
  readonly accounts: readonly Account[];
  /** Completed sign-ins: password and code. */
  signIns(email: string): number;
  /** Passwords that were tried, right or wrong. */
  attempts(email: string): number;
  /** How many sign-ins of the account are alive. */
  sessionsOf(email: string): number;
  /** Ends the sessions of one account, or everybody's. */
  endSessions(email?: string): void;
  unlock(email: string): void;
  /** Changes nothing else: sessions and locks stay as they are. */
  setPassword(email: string, password: string): void;
  setCaptcha(isShown: boolean): void;
  /** Back to how the site was created: counters, locks, passwords, sessions, time steps, consultations, captcha. */
  reset(): void;
  /** Ends open connections at once. */
  close(): Promise<void>;
}

/**
 * Starts the consultations site: sign-in in two steps, roles, and a server whose sessions a test can end.
 *
 * @example
 * const site = await createConsultationsSite({ sessionLifeSeconds: 60 });
 * await page.goto(`${site.url}/sign-in`);
 * expect(site.signIns(demoAccounts.admin.email)).toBe(1);
 */
export async function createConsultationsSite(
  options: ConsultationsSiteOptions = {},
): Promise<ConsultationsSite> {
  const { site, cookieSecret } = createSite(options);
  const app = await createApp(site, cookieSecret);
  await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  const { address, port, family } = app.server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    accounts: site.accounts.all,
    signIns: (email) => site.accounts.signIns(email),
    attempts: (email) => site.accounts.attempts(email),
    sessionsOf: (email) => site.sessions.signIns().filter((signIn) => signIn.email === email).length,
    endSessions: (email) => site.sessions.end((signIn) => email === undefined || signIn.email === email),
    unlock: (email) => site.accounts.unlock(email),
    setPassword: (email, password) => site.accounts.setPassword(email, password),
    setCaptcha: (isShown) => {
      site.captcha = isShown;
    },
    reset: () => resetSite(site),
    close: () => app.close(),
  };
}

function createSite(options: ConsultationsSiteOptions): { site: Site; cookieSecret: string } {
  const { stateFile, accounts = Object.values(demoAccounts), nowMs = Date.now } = options;
  const saved = stateFile === undefined ? undefined : readStateFile(stateFile);
  const cookieSecret = saved?.cookieSecret ?? randomBytes(32).toString('base64url');
  const emails = new Set(accounts.map(({ email }) => email));

  function save(): void {
    if (stateFile === undefined) return;
    writeStateFile(stateFile, {
      version: 1,
      cookieSecret,
      sessions: site.sessions.saved(),
      acceptedSteps: site.accounts.acceptedSteps(),
      consultations: site.consultations.all(),
    });
  }

  const site: Site = {
    accounts: createAccountBook({
      accounts,
      acceptedSteps: saved?.acceptedSteps ?? {},
      nowMs,
      onChange: save,
    }),
    sessions: createSessionBook({
      saved: saved?.sessions ?? [],
      lifeSeconds: options.sessionLifeSeconds ?? 28_800,
      nowMs,
      onChange: save,
    }),
    consultations: createConsultationBook({
      initial: () => demoConsultations(nowMs()).filter(({ email }) => emails.has(email)),
      saved: saved?.consultations,
      onChange: save,
    }),
    nowMs,
    sessionCookie: 'consultations.session',
    signInAttemptsPerMinute: options.signInAttemptsPerMinute ?? 300,
    rotateSessionCookie: options.rotateSessionCookie ?? false,
    testControlKey: options.testControlKey,
    captchaAtStart: options.captcha ?? false,
    captcha: options.captcha ?? false,
  };
  return { site, cookieSecret };
}
