import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';

export interface SmtpSink {
  readonly port: number;
  close(): Promise<void>;
}

/** A mail server that hands each message to `deliver` before it accepts it. */
export async function startSmtpSink(deliver: (source: Buffer) => Promise<void>): Promise<SmtpSink> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _, accepted) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        deliver(Buffer.concat(chunks)).then(
          () => accepted(),
          (error: unknown) => accepted(error as Error),
        );
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    close: async () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export interface SentMail {
  readonly to: string;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly from?: string;
}

/** Sends a message by SMTP, and returns when the server has accepted it. */
export async function sendMail(
  port: number,
  { from = 'Shop <no-reply@shop.example>', ...mail }: SentMail,
): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
  await transport.sendMail({ from, ...mail });
  transport.close();
}
