import { defineAuthSessions } from '../fixtures/index.js';
import consultations from './consultations.js';

/** The sessions, by secret reference. */
const authSessions = defineAuthSessions({
  // The site under test is in this repository, so CI uses its public demo accounts too.
  whenMissing: 'local',
  sessions: {
    admin: {
      flow: consultations,
      parameters: {
        username: 'op://automation/consultations-admin/username',
        password: 'op://automation/consultations-admin/password',
        otp: 'op://automation/consultations-admin/one-time password?attribute=otp',
      },
    },
    customer: {
      flow: consultations,
      parameters: {
        username: 'op://automation/consultations-customer/username',
        password: 'op://automation/consultations-customer/password',
        otp: 'op://automation/consultations-customer/one-time password?attribute=otp',
      },
    },
    // Signs in by hand, in the tests of the sign-in page.
    newcomer: {
      flow: consultations,
      parameters: {
        username: 'op://automation/consultations-newcomer/username',
        password: 'op://automation/consultations-newcomer/password',
        otp: 'op://automation/consultations-newcomer/one-time password?attribute=otp',
      },
    },
  },
});

export default authSessions;

declare module '../fixtures/register.js' {
  interface AuthSessionsRegister {
    sessions: typeof authSessions;
  }
}
