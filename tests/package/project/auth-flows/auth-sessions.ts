import { defineAuthSessions } from 'playwright-auth-sessions';
import consultations from './consultations.js';

const authSessions = defineAuthSessions({
  codes: { minRemainingSeconds: 1 },
  sessions: {
    admin: {
      flow: consultations,
      parameters: {
        username: 'op://automation/consultations-admin/username',
        password: 'op://automation/consultations-admin/password',
        otp: 'op://automation/consultations-admin/one-time password?attribute=otp',
      },
    },
    refused: {
      flow: consultations,
      createAttempts: 1,
      parameters: {
        username: 'op://automation/consultations-admin/username',
        password: 'op://automation/refused/password',
        otp: 'op://automation/consultations-admin/one-time password?attribute=otp',
      },
    },
  },
});

export default authSessions;

declare module 'playwright-auth-sessions' {
  interface AuthSessionsRegister {
    sessions: typeof authSessions;
  }
}
