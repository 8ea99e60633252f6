import type { SecretReferenceText } from './secret-reference.js';

/** Where the mail of a session's account arrives. */
export type MailboxOptions = ImapMailboxOptions | OwnMailboxOptions;

interface SharedMailboxOptions {
  /**
   * The address that the application writes to, or a reference to it. Only mail to exactly this address is read: with
   * plus addressing, `qa+admin@example.com` is not `qa@example.com`. [the parameter `email` or `username`]
   */
  readonly address?: string;
  /** How long `code` and `link` wait for a message. The flow's time limit pauses meanwhile. [60] */
  readonly maxWaitSeconds?: number;
}

/** A mailbox on an IMAP server. Needs the package `imapflow`. */
export interface ImapMailboxOptions extends SharedMailboxOptions {
  readonly host: string;
  /** [993; 143 without `tls: true`] */
  readonly port?: number;
  /** TLS from the start, after STARTTLS, or not at all. [true] */
  readonly tls?: boolean | 'starttls';
  /** A PEM file with the private authority that signed the server's certificate; relative to the sessions file. */
  readonly caFile?: string;
  readonly username: SecretReferenceText;
  readonly password: SecretReferenceText;
  /** ['INBOX'] */
  readonly folder?: string;
}

/** A mailbox behind an API. */
export interface OwnMailboxOptions extends SharedMailboxOptions {
  /** Called before each sign-in, in the broker. */
  readonly open: (given: OpenInboxRequest) => MailInbox | Promise<MailInbox>;
  /** References by name, whose values `open` gets. */
  readonly credentials?: Readonly<Record<string, SecretReferenceText>>;
}

export interface OpenInboxRequest {
  readonly address: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Aborted when the sign-in ends. */
  readonly signal: AbortSignal;
}

/** What an adapter implements for `mailbox.open`. */
export interface MailInbox {
  /**
   * The IDs of the messages in the inbox, oldest first, at least of those since it was opened. Called once before the
   * flow begins: what is there then is never read.
   */
  list(): Promise<readonly string[]>;
  /** A message as it was sent (RFC 5322), with its headers. */
  read(id: string): Promise<string | Uint8Array>;
  /** Resolves when a message may have arrived. [the inbox is listed every second] */
  changed?(signal: AbortSignal): Promise<void>;
  close?(): void | Promise<void>;
}

/** Codes and links that the application sends by mail to the account, since the flow began. */
export interface Mailbox {
  /** Waits for a message with a code: 4 to 8 digits, or what `pattern` finds. */
  code(wanted?: WantedMessage): Promise<string>;
  /** Waits for a message with a link, to the session's origin if there are several, or one that matches `pattern`. */
  link(wanted?: WantedMessage): Promise<string>;
}

/** Which message, and what of it. A text must be contained, without regard to case. */
export interface WantedMessage {
  readonly from?: string | RegExp;
  readonly subject?: string | RegExp;
  /** The code is its first group, or all of the match. Among links, it chooses those that match. */
  readonly pattern?: RegExp;
}

/** A session's mailbox with its references parsed. They are among the session's values, by `mailboxPrefix`. */
export interface DeclaredMailbox {
  readonly options: MailboxOptions;
  /** Without variables. `undefined`: a reference, or a parameter. */
  readonly address: string | undefined;
}

/** Begins the names of a mailbox's values among those of its session. */
export const mailboxPrefix = 'mailbox.';

/** The references of a mailbox by name. */
export function mailboxReferences(options: MailboxOptions | undefined): Record<string, string> {
  if (!options) return {};
  const own =
    'open' in options ? options.credentials : { username: options.username, password: options.password };
  const { address } = options;
  const all = { ...own, ...(address !== undefined && isReference(address) && { address }) };
  return Object.fromEntries(Object.entries(all).map(([name, text]) => [`${mailboxPrefix}${name}`, text]));
}

/** Separates the values that a flow and a test get from those of the mailbox, whose names lose their prefix. */
export function splitMailboxValues(all: Readonly<Record<string, string>>): {
  readonly values: Readonly<Record<string, string>>;
  readonly mailbox: Readonly<Record<string, string>>;
} {
  const entries = Object.entries(all);
  const isMail = ([name]: readonly [string, string]) => name.startsWith(mailboxPrefix);
  return {
    values: Object.fromEntries(entries.filter((entry) => !isMail(entry))),
    mailbox: Object.fromEntries(
      entries.filter(isMail).map(([name, value]) => [name.slice(mailboxPrefix.length), value]),
    ),
  };
}

/** Whether an address is a secret reference. */
export function isReference(text: string): boolean {
  return /^op(?:-env)?:\/\//.test(text);
}
