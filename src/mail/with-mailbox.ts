import { AuthSessionsError } from '../core/errors.js';
import type { MailInbox, Mailbox, WantedMessage } from '../core/mailbox.js';
import type { Clock, FlowJob, SignInCredentials } from '../core/ports.js';
import { restateError } from '../core/restate-error.js';
import { SecretValue } from '../core/secret-value.js';
import { partsOfSecret } from '../redaction/parts-of-secret.js';
import type { Redactor } from '../redaction/redactor.js';
import type { Deadline } from '../time/deadline.js';
import { untilAborted } from '../time/until-aborted.js';
import { within } from '../time/within.js';
import { addressOf, openImapInbox } from './imap-inbox.js';
import { mailboxNotDeclared, mailboxSilent, mailboxUnreachable, noAddress } from './mail-troubles.js';
import { watchInbox } from './watch-inbox.js';

export type MailJob = Pick<FlowJob, 'session' | 'place' | 'mayGoOn'> &
  Pick<SignInCredentials, 'values' | 'mailbox'>;

export interface WithMailboxOptions {
  readonly deadline: Deadline;
  readonly redactor: Pick<Redactor, 'add'>;
  readonly clock: Clock;
}

/**
 * Opens the session's mailbox before the flow begins, and closes it afterwards. A mailbox that cannot be opened fails
 * only a flow that reads from it. What it returns is registered first.
 */
export async function withMailbox<Result>(
  job: MailJob,
  options: WithMailboxOptions,
  run: (mailbox: Mailbox) => Promise<Result>,
): Promise<Result> {
  const { name, mailbox } = job.session;
  if (!mailbox) return run(failing(mailboxNotDeclared(name)));
  const ended = new AbortController();
  const signal = AbortSignal.any([options.deadline.signal, ended.signal]);
  const opened: { inbox?: MailInbox } = {};
  try {
    const watched = await options.deadline.pause(() =>
      openWatched(job, { ...options, signal, onOpened: (inbox) => (opened.inbox = inbox) }).catch(
        (error: unknown) => {
          options.deadline.signal.throwIfAborted();
          return failing(forSession(error, name));
        },
      ),
    );
    return await run(registering(watched, job, options));
  } finally {
    ended.abort();
    await within(closePatienceMs, Promise.resolve(opened.inbox?.close?.())).catch(() => undefined);
  }
}

interface OpenOptions extends WithMailboxOptions {
  readonly signal: AbortSignal;
  readonly onOpened: (inbox: MailInbox) => void;
}

async function openWatched(job: MailJob, { clock, signal, onOpened }: OpenOptions): Promise<Mailbox> {
  const { session, place, mailbox: credentials = {} } = job;
  const { options } = session.mailbox ?? {};
  if (!options) throw mailboxNotDeclared(session.name);
  const address = addressFor(job);
  const where = 'open' in options ? 'mailbox.open' : addressOf(options);
  const { maxWaitSeconds = defaultWaitSeconds } = options;
  const opening = async () => {
    const inbox =
      'open' in options
        ? await options.open({ address, credentials, signal })
        : await openImapInbox({ options, ...loginOf(credentials), signal });
    onOpened(inbox);
    return { inbox, before: new Set(await inbox.list()) };
  };
  const given = await inTime(opening(), { clock, signal, where, maxWaitSeconds });
  const origin = originOf(session.baseURL ?? place.baseURL);
  return watchInbox({
    ...given,
    ...{ session: session.name, address, origin, where, maxWaitSeconds, clock, signal },
  });
}

/** Not for ever, if an adapter or a server does not answer. */
async function inTime<Result>(
  work: Promise<Result>,
  limit: { clock: Clock; signal: AbortSignal; where: string; maxWaitSeconds: number },
): Promise<Result> {
  const done = new AbortController();
  const late = limit.clock.sleep(limit.maxWaitSeconds * 1000, done.signal).then(() => {
    throw mailboxSilent(limit.where);
  });
  late.catch(() => undefined);
  try {
    return await untilAborted(limit.signal, Promise.race([work, late]));
  } catch (error) {
    throw error instanceof AuthSessionsError ? error : mailboxUnreachable(limit.where, error);
  } finally {
    done.abort();
  }
}

/** Waiting does not count towards the flow's time limit. */
function registering(
  mailbox: Mailbox,
  { session: { name }, mayGoOn }: MailJob,
  { deadline, redactor }: WithMailboxOptions,
): Mailbox {
  return {
    code: (wanted?: WantedMessage) =>
      deadline.pause(async () => {
        const code = await untilAborted(deadline.signal, mailbox.code(wanted));
        redactor.add(new SecretValue(code, `${name}.mailCode`, { kind: 'code' }));
        mayGoOn?.();
        return code;
      }),
    link: (wanted?: WantedMessage) =>
      deadline.pause(async () => {
        const link = await untilAborted(deadline.signal, mailbox.link(wanted));
        for (const part of [link, ...partsOfSecret(link, 'link')])
          redactor.add(new SecretValue(part, `${name}.mailLink`));
        mayGoOn?.();
        return link;
      }),
  };
}

function failing(error: AuthSessionsError): Mailbox {
  return { code: () => Promise.reject(error), link: () => Promise.reject(error) };
}

function addressFor({ session, values, mailbox }: MailJob): string {
  const given = mailbox?.address ?? session.mailbox?.address;
  const known = given ?? [values.email, values.username].find((text) => text?.includes('@'));
  if (known === undefined || !known.includes('@')) throw noAddress(session.name);
  return known.trim();
}

function loginOf({ username = '', password = '' }: Readonly<Record<string, string>>) {
  return { username, password };
}

function originOf(baseURL: string | undefined): string | undefined {
  return baseURL !== undefined && URL.canParse(baseURL) ? new URL(baseURL).origin : undefined;
}

function forSession(error: unknown, session: string): AuthSessionsError {
  if (!(error instanceof AuthSessionsError)) return mailboxUnreachable('mailbox.open', error);
  if (error.session !== undefined) return error;
  return restateError(error, `Session "${session}"`, { session });
}

const defaultWaitSeconds = 60;
const closePatienceMs = 2000;
