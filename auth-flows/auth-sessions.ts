import { defineAuthSessions } from '../fixtures/index.js';
import consultations from './consultations.js';

/** The sessions, by the items of their logins. */
export default defineAuthSessions({
  // The site under test is in this repository, so CI uses its public demo accounts too.
  whenMissing: 'local',
  sessions: {
    admin: { flow: consultations, login: 'op://automation/consultations-admin' },
    customer: { flow: consultations, login: 'op://automation/consultations-customer' },
    // Signs in by hand, in the tests of the sign-in page.
    newcomer: { flow: consultations, login: 'op://automation/consultations-newcomer' },
  },
});
