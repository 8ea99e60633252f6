import type * as ImapFlowPackage from 'imapflow';
import { AuthSessionsError } from '../core/errors.js';
import { loadOptionalPackage } from '../core/load-optional-package.js';
import type { ImapMailboxOptions, MailInbox } from '../core/mailbox.js';
import { readAuthority } from '../files/read-authority.js';
import { mailboxRefused, mailboxUnreachable } from './mail-troubles.js';

export interface ImapInboxRequest {
  readonly options: ImapMailboxOptions;
  readonly username: string;
  readonly password: string;
  /** Aborted when the sign-in ends. */
  readonly signal: AbortSignal;
}

/**
 * Lists the messages that have arrived since the mailbox was opened, by the server's UIDs (RFC 9051, section 2.3.1.1).
 * Changes nothing in the mailbox. A lost connection is opened again.
 */
export async function openImapInbox({ options, ...request }: ImapInboxRequest): Promise<MailInbox> {
  const { ImapFlow } = await loadOptionalPackage(
    { name: 'imapflow', needer: 'An IMAP mailbox' },
    () => import('imapflow'),
  );
  const ca =
    options.caFile === undefined
      ? undefined
      : await readAuthority(options.caFile, { option: 'mailbox.caFile', relativeTo: 'the sessions file' });
  const where = addressOf(options);
  const { username, password, signal } = request;
  const { tls = true, host, folder = 'INBOX' } = options;
  async function connect(): Promise<Opened> {
    const fresh = new ImapFlow({
      ...{ host, port: portOf(options), secure: tls === true, doSTARTTLS: tls === 'starttls' },
      auth: { user: username, pass: password },
      tls: { ...(ca !== undefined && { ca }) },
      ...{ logger: false, disableAutoIdle: true },
      ...{ connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: socketPatienceMs },
    });
    // A command that fails says so itself.
    fresh.on('error', () => undefined);
    const stop = () => fresh.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      await fresh.connect();
      const { uidNext, uidValidity } = await fresh.mailboxOpen(folder, { readOnly: true });
      return { client: fresh, uidNext, uidValidity };
    } catch (error) {
      fresh.close();
      throw explain(error, where);
    }
  }

  const first = await connect();
  let { client } = first;
  const connected = async () => {
    if (client.usable) return client;
    const again = await connect();
    if (again.uidValidity !== first.uidValidity) throw mailboxUnreachable(where, { code: 'UIDVALIDITY' });
    return (client = again.client);
  };
  const run = async <Result>(work: (open: ImapFlowPackage.ImapFlow) => Promise<Result>): Promise<Result> => {
    const open = await connected();
    try {
      return await work(open);
    } catch (error) {
      open.close();
      throw explain(error, where);
    }
  };

  return {
    list: () =>
      run(async (open) => {
        const range = { uid: `${first.uidNext}:*` };
        const found = await open.search(range, { uid: true });
        if (!found) throw new TypeError('The search failed');
        // The range includes the last message, even if it is older.
        return found
          .filter((uid) => uid >= first.uidNext)
          .sort((one, other) => one - other)
          .map(String);
      }),
    read: (id) =>
      run(async (open) => {
        const message = await open.fetchOne(id, { source: { maxLength: longestBytes } }, { uid: true });
        return (message ? message.source : undefined) ?? '';
      }),
    async changed(ended) {
      const open = await connected();
      await new Promise<void>((resolve) => {
        const wake = () => {
          open.off('exists', wake);
          open.off('close', wake);
          resolve();
        };
        open.on('exists', wake);
        open.on('close', wake);
        ended.addEventListener('abort', wake, { once: true });
        // The next command ends it.
        open.idle().catch(wake);
      });
    },
    close() {
      client.close();
    },
  };
}

/** `imap.example:993` */
export function addressOf(options: Pick<ImapMailboxOptions, 'host' | 'port' | 'tls'>): string {
  return `${options.host}:${portOf(options)}`;
}

interface Opened {
  readonly client: ImapFlowPackage.ImapFlow;
  readonly uidNext: number;
  readonly uidValidity: bigint;
}

function portOf({ port, tls = true }: Pick<ImapMailboxOptions, 'port' | 'tls'>): number {
  return port ?? (tls === true ? 993 : 143);
}

function explain(error: unknown, where: string): unknown {
  if (error instanceof AuthSessionsError) return error;
  const fields = error as { authenticationFailed?: boolean; serverResponseCode?: string } | undefined;
  const isAway = fields?.serverResponseCode === 'UNAVAILABLE';
  return fields?.authenticationFailed === true && !isAway
    ? mailboxRefused(where)
    : mailboxUnreachable(where, error);
}

const patienceMs = 10_000;
const socketPatienceMs = 300_000;

/** A sign-in mail is smaller. What follows is its attachments. */
const longestBytes = 2_000_000;
