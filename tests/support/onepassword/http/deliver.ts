import type { ServerResponse } from 'node:http';
import { seal } from '../crypto/envelope.js';
import type { Answer } from './exchange.js';
import type { Session } from './session.js';

/** Sends an answer, or as much of it as its delivery says. */
export function deliver(response: ServerResponse, answer: Answer, session: Session | undefined): void {
  const { status, headers = {}, delivery = { kind: 'whole' } } = answer;
  if (delivery.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = bodyOf(answer, session, delivery.kind === 'garbled');
  if (delivery.kind === 'drip') {
    response.writeHead(status, { 'content-length': body.length, ...headers });
    drip(response, body, delivery.everyMs);
    return;
  }
  const sent = delivery.kind === 'part' ? body.subarray(0, delivery.bytes) : body;
  const broken = delivery.kind === 'part' && delivery.ending === 'broken';
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': broken ? body.length : sent.length,
    ...headers,
  });
  if (!broken) {
    response.end(sent);
    return;
  }
  response.flushHeaders();
  response.write(sent, () => response.destroy());
}

/** Until its client goes away. */
function drip(response: ServerResponse, body: Buffer, everyMs: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, (sent += 1)));
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.once('close', () => clearInterval(timer));
}

/** Another letter in the middle of the message. */
function garble(text: string): string {
  return text.replace(
    /("data":"[^"]{9})(.)/,
    (_, before: string, letter: string) => before + (letter === 'A' ? 'B' : 'A'),
  );
}

/** Another first byte. */
function garbleBytes(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of((bytes[0] ?? 0) ^ 1), bytes.subarray(1)]);
}

function bodyOf({ bytes, ...answer }: Answer, session: Session | undefined, isGarbled: boolean): Buffer {
  if (bytes) return isGarbled ? garbleBytes(bytes) : bytes;
  const text = formatBody(answer, session);
  return Buffer.from(isGarbled ? garble(text) : text);
}

function formatBody({ json, text, sealed = false }: Answer, session: Session | undefined): string {
  if (text !== undefined) return text;
  if (json === undefined) return '';
  return JSON.stringify(sealed && session ? seal(json, session.key) : json);
}
