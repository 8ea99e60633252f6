import type { Account } from './account.js';

/**
 * Public demo accounts, no secrets; .env.auth-sessions.example has the same values. The passwords hold what breaks
 * careless code: quotes, markup, percent and plus signs, spaces, letters beyond ASCII.
 */
export const demoAccounts = {
  admin: {
    email: 'ada.admin@consultations.example',
    name: 'Ada Admin',
    role: 'admin',
    password: 'Ada keeps "every" key <here> & there + 100% of the café',
    totp: { secret: 'AHDSQ6XWBRO7L6DSXS33EN3V5YNWSIMF', algorithm: 'sha1', digits: 6, periodSeconds: 30 },
  },
  customer: {
    email: 'cleo.customer@consultations.example',
    name: 'Cleo Customer',
    role: 'customer',
    password: 'Cleo asks "why" <twice> & notes 7% more + a naïve plan',
    totp: { secret: 'MUQO7R7JSE2J3RSGXCLC3DNNKM6I6XOA', algorithm: 'sha1', digits: 6, periodSeconds: 30 },
  },
  /** Signs in only where the sign-in page itself is tested, so that nobody's codes are used up there. */
  newcomer: {
    email: 'nora.newcomer@consultations.example',
    name: 'Nora Newcomer',
    role: 'customer',
    password: 'Nora is "new" <and> curious & 3% nervous + très brave',
    totp: {
      secret: 'EE6UBOL6624T35IM3XO4O4GDNTDSHI2SQ6O3OSA5N2WZF6CEPFCA',
      algorithm: 'sha256',
      digits: 6,
      periodSeconds: 30,
    },
  },
} as const satisfies Record<string, Account>;
