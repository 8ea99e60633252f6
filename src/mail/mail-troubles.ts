import { countOf } from '../core/count-of.js';
import { AuthSessionsError } from '../core/errors.js';
import type { ReadMessage } from './read-message.js';

export interface WaitedFor {
  readonly session: string;
  readonly what: 'code' | 'link';
  readonly maxWaitSeconds: number;
}

/** No message to the account. Says what arrived instead, without any text of it. */
export function mailMissing(
  { session, what, maxWaitSeconds }: WaitedFor,
  others: readonly ReadMessage[],
): AuthSessionsError {
  const known =
    others.length === 0
      ? 'No message arrived since the flow began.'
      : `What arrived since the flow began: ${countMessages(others)}, to another address or with another sender or subject.`;
  return new AuthSessionsError(
    'ERR_MAIL_MISSING',
    {
      failed: `Session "${session}": no message with a ${what} arrived within ${maxWaitSeconds} s.`,
      known,
      next: 'Compare mailbox.address with the address that the application writes to, or raise mailbox.maxWaitSeconds.',
    },
    { session },
  );
}

/** Messages to the account arrived, and have nothing of the kind. */
export function nothingInMail(
  { session, what, maxWaitSeconds }: WaitedFor,
  messages: readonly ReadMessage[],
): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_MAIL_UNREADABLE',
    {
      failed: `Session "${session}": the mail that arrived within ${maxWaitSeconds} s has no ${what}.`,
      known: `It is ${countMessages(messages)}.`,
      next: `Pass a pattern that finds it: mailbox.${what}({ pattern: /…/ }).`,
    },
    { session },
  );
}

export function severalInMail(
  { session, what }: WaitedFor,
  message: ReadMessage,
  count: number,
): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_MAIL_UNREADABLE',
    {
      failed: `Session "${session}": a message has ${count} texts that may be the ${what}.`,
      known: `It is from ${domainOf(message)}.`,
      next: `Pass a pattern that finds one: mailbox.${what}({ pattern: /…/ }).`,
    },
    { session },
  );
}

export function mailboxNotDeclared(session: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_MAILBOX_NOT_DECLARED',
    {
      failed: `Session "${session}" has no mailbox.`,
      known: 'Its flow reads a code or a link from one.',
      next: 'Add to the session: mailbox: { host: "…", username: "op://…", password: "op://…" }.',
    },
    { session },
  );
}

export function noAddress(session: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    {
      failed: `Session "${session}": the address of its mailbox is not known.`,
      known: 'It has no mailbox.address, and its parameters email and username are not mail addresses.',
      next: 'Set mailbox.address to the address that the application writes to.',
    },
    { session },
  );
}

export function mailboxRefused(where: string): AuthSessionsError {
  return new AuthSessionsError('ERR_MAILBOX_REFUSED', {
    failed: `The mail server ${where} rejected the username or the password of the mailbox.`,
    known: 'Nothing else was sent to it.',
    next: 'Fix the values of mailbox.username and mailbox.password in the vault. Some providers need an app password.',
  });
}

/** `error` may contain texts of the server or of a message: only its kind is reported. */
export function mailboxUnreachable(where: string, error: unknown): AuthSessionsError {
  const kind = kindOf(error);
  return new AuthSessionsError('ERR_MAILBOX_UNREACHABLE', {
    failed: `The mailbox at ${where} cannot be read.`,
    known: `${kind}.`,
    next: /CERT|SIGNATURE|ISSUER|ALTNAME/.test(kind)
      ? 'Set mailbox.caFile to the authority of the server, or fix mailbox.host.'
      : 'Check mailbox.host, mailbox.port and mailbox.tls, and that this machine may connect to it.',
  });
}

export function mailboxSilent(where: string): AuthSessionsError {
  return mailboxUnreachable(where, { code: 'ETIMEDOUT' });
}

function kindOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  if (typeof code === 'string' && /^[A-Za-z_]{3,40}$/.test(code)) return `The error is ${code}`;
  return `The error is of type ${error instanceof Error ? error.constructor.name : typeof error}`;
}

/** Numbers and senders' domains: `2 messages (from a.example, b.example)`. */
function countMessages(messages: readonly ReadMessage[]): string {
  const domains = [...new Set(messages.map(domainOf))].slice(0, 5).join(', ');
  return `${countOf(messages.length, 'message')} (from ${domains})`;
}

/** A sender may have written anything there. */
function domainOf({ from }: ReadMessage): string {
  return /@([a-z0-9.-]{1,100})$/.exec(from)?.[1] ?? 'an unknown sender';
}
