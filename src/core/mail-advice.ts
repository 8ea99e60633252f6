import type { ErrorAdvice, MailErrorCode } from './error-codes.js';

export const mailAdvice: Readonly<Record<MailErrorCode, ErrorAdvice>> = {
  ERR_MAILBOX_NOT_DECLARED: {
    means: 'A flow reads mail, and its session declares no mailbox.',
    next: 'Add mailbox to the session.',
  },
  ERR_MAILBOX_REFUSED: {
    means: 'The mail server rejected the username or the password of the mailbox.',
    next: 'Fix the values in the vault. Some providers need an app password.',
  },
  ERR_MAILBOX_UNREACHABLE: {
    means: 'The mailbox cannot be read: no connection, no answer, or an error of the server or the adapter.',
    next: 'Check host, port, tls and caFile of the mailbox, and the network of this machine.',
  },
  ERR_MAIL_MISSING: {
    means: 'No message to the account arrived in time. The message says what arrived instead.',
    next: 'Compare mailbox.address with the address that the application writes to, or raise mailbox.maxWaitSeconds.',
  },
  ERR_MAIL_UNREADABLE: {
    means: 'The mail that arrived has no code or link, or several.',
    next: 'Pass a pattern that finds one: mailbox.code({ pattern: /…/ }).',
  },
};
