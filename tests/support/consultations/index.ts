export type { Account, AccountTotp, Role } from './account.js';
export {
  createConsultationsSite,
  type ConsultationsSite,
  type ConsultationsSiteOptions,
} from './create-consultations-site.js';
export { demoAccounts } from './demo-accounts.js';
export { codeAt } from './one-time-code.js';
export { sendForm, sendPassword, signInByRequest } from './sign-in-by-request.js';
