import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { Mailbox, MailboxOptions } from '../../src/core/mailbox.js';
import { withMailbox } from '../../src/mail/with-mailbox.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { createDeadline } from '../../src/time/deadline.js';
import { systemClock } from '../../src/time/system-clock.js';
import { declareSession } from '../support/declared-session.js';
import { requireDovecot, startDovecot, type Dovecot } from '../support/mail/dovecot.js';
import { sendMail, startSmtpSink, type SmtpSink } from '../support/mail/smtp-sink.js';
import { freePort } from '../support/ports.js';

test.describe.configure({ mode: 'serial' });

let server: Dovecot;
let smtp: SmtpSink;
const started: (() => Promise<void>)[] = [];

test.beforeAll(async () => {
  requireDovecot();
  server = await startDovecot('mail-pass-4711');
  started.push(() => server.stop());
  smtp = await startSmtpSink((source) => server.deliver(source));
  started.push(() => smtp.close());
});

test.afterAll(async () => {
  for (const stop of started.reverse()) await stop();
});

test('gives the code of a message that arrives after the flow began', async () => {
  await send({ text: 'Your code is 111111' });
  const redactor = createRedactor();
  const code = await during(
    async (mailbox) => {
      const waiting = mailbox.code();
      await send({ html: '<p>Your code is <b>482913</b>, for 10 minutes. © 2026 Shop</p>' });
      return waiting;
    },
    { redactor },
  );
  expect(code).toBe('482913');
  expect(redactor.redact(`typed ${code}`)).toBe('typed [redacted:admin.mailCode]');
});

test('gives the link to the session’s origin, and registers it and its token', async () => {
  const redactor = createRedactor();
  const token = 'f3Qz81LmPx07RtYv55Ks';
  const html = `<a href="https://social.example/shop">Follow us</a>
    <a href="https://app.example/enter?user=a&amp;token=${token}">Sign in</a> ${'long line '.repeat(40)}`;
  const link = await during(
    async (mailbox) => {
      await send({ html, text: '' });
      return mailbox.link();
    },
    { redactor },
  );
  expect(link).toBe(`https://app.example/enter?user=a&token=${token}`);
  expect(redactor.redact(`GET ${link}`)).not.toContain(token);
  expect(redactor.redact(`token: ${token}`)).not.toContain(token);
});

test('two sessions with one inbox do not take each other’s messages', async () => {
  const codes = await Promise.all(
    ['', '+a', '+ab'].map((tag, index) =>
      during(
        async (mailbox) => {
          const waiting = mailbox.code();
          await send({ to: `qa${tag}@shop.example`, text: `Code: 70000${index}` });
          return waiting;
        },
        { address: `QA${tag}@shop.example` },
      ),
    ),
  );
  expect(codes).toEqual(['700000', '700001', '700002']);
});

test('uses a message once, and the newest of several', async () => {
  await during(async (mailbox) => {
    await send({ text: 'Code: 100001' });
    await send({ text: 'Code: 100002' });
    expect(await mailbox.code()).toBe('100002');
    const next = mailbox.code();
    await send({ text: 'Code: 100003' });
    expect(await next).toBe('100003');
  });
});

test('connects by STARTTLS and by TLS with a private authority, and refuses an unknown one', async () => {
  const { port, tlsPort, caFile } = server;
  for (const options of [
    { port, tls: 'starttls', caFile },
    { port: tlsPort, tls: true, caFile },
  ] as const)
    await during(
      async (mailbox) => {
        await send({ text: 'Code: 314159' });
        expect(await mailbox.code()).toBe('314159');
      },
      { options },
    );
  const failed = await failureOf({ options: { port: tlsPort, tls: true } });
  expect(failed).toMatchObject({ code: 'ERR_MAILBOX_UNREACHABLE', session: 'admin' });
  expect(failed.message).toContain('mailbox.caFile');
});

test('says what arrived instead, by number and domain only', async () => {
  const error = await failureOf({
    maxWaitSeconds: 2,
    before: () => send({ to: 'other@shop.example', subject: 'Private subject', text: 'Private body 555111' }),
  });
  expect(error.code).toBe('ERR_MAIL_MISSING');
  expect(error.message).toContain('1 message (from shop.example)');
  expect(JSON.stringify([error.message, error.stack, error.cause])).not.toMatch(/Private|555111|mail-pass/);
});

test('reports a message without a code, and one with several', async () => {
  const without = await failureOf({ maxWaitSeconds: 2, before: () => send({ text: 'Welcome!' }) });
  expect(without).toMatchObject({ code: 'ERR_MAIL_UNREADABLE' });
  const several = await failureOf({ before: () => send({ text: 'Code 123456. Order 654321.' }) });
  expect(several).toMatchObject({ code: 'ERR_MAIL_UNREADABLE' });
  expect(several.message).toContain('2 texts');
  expect(several.message).not.toMatch(/123456|654321/);
});

test('reports a rejected password, and a server that is not there', async () => {
  const refused = await failureOf({ password: 'wrong-4712' });
  expect(refused).toMatchObject({ code: 'ERR_MAILBOX_REFUSED', session: 'admin' });
  expect(JSON.stringify([refused.message, refused.cause])).not.toContain('wrong-4712');
  const away = await failureOf({ options: { port: await freePort() } });
  expect(away).toMatchObject({ code: 'ERR_MAILBOX_UNREACHABLE' });
  expect(away.message).toContain('ECONNREFUSED');
});

test('a mailbox that cannot be opened does not disturb a flow that reads no mail', async () => {
  const result = await during(() => Promise.resolve('signed in'), { password: 'wrong-4713' });
  expect(result).toBe('signed in');
});

test('stops waiting at once when the sign-in is stopped', async () => {
  const stop = new AbortController();
  const waiting = during(
    async (mailbox) => {
      const code = mailbox.code();
      stop.abort(new Error('stopped'));
      return code;
    },
    { signal: stop.signal, maxWaitSeconds: 3600 },
  );
  await expect(waiting).rejects.toThrow('stopped');
});

test('reads on after a lost connection', async () => {
  await during(async (mailbox) => {
    const waiting = mailbox.code();
    await server.restart();
    await send({ text: 'Code: 271828' });
    expect(await waiting).toBe('271828');
  });
});

interface During {
  readonly redactor?: ReturnType<typeof createRedactor>;
  readonly address?: string;
  readonly password?: string;
  readonly maxWaitSeconds?: number;
  readonly signal?: AbortSignal;
  readonly options?: { readonly port: number; readonly tls?: boolean | 'starttls'; readonly caFile?: string };
}

async function during<Result>(run: (mailbox: Mailbox) => Promise<Result>, own: During = {}): Promise<Result> {
  const { address = 'qa@shop.example', maxWaitSeconds = 60, signal = new AbortController().signal } = own;
  const options: MailboxOptions = {
    ...{ host: 'localhost', port: server.port, tls: false, ...own.options },
    ...{ maxWaitSeconds, username: 'op://qa/mail/username', password: 'op://qa/mail/password' },
  };
  const session = declareSession({ mailbox: { options, address } });
  const mailbox = { username: server.username, password: own.password ?? server.password };
  const place = { baseURL: 'https://app.example/shop/', project: undefined };
  const deadline = createDeadline(Infinity, signal, () => new Error('too late'));
  const redactor = own.redactor ?? createRedactor();
  return withMailbox(
    { session, place, values: {}, mailbox },
    { deadline, redactor, clock: systemClock },
    run,
  );
}

async function failureOf({
  before,
  ...own
}: During & { readonly before?: () => Promise<void> }): Promise<AuthSessionsError> {
  const failed = during(async (mailbox) => {
    await before?.();
    return mailbox.code();
  }, own);
  const error = await failed.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AuthSessionsError)) throw new Error('It did not fail');
  return error;
}

async function send(own: { to?: string; subject?: string; text?: string; html?: string }): Promise<void> {
  await sendMail(smtp.port, { to: 'qa@shop.example', subject: 'Your sign-in', ...own });
}
