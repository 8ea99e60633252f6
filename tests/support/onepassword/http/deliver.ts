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
  const body = Buffer.from(formatBody(answer, session));
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

function formatBody({ json, text, sealed = false }: Answer, session: Session | undefined): string {
  if (text !== undefined) return text;
  if (json === undefined) return '';
  return JSON.stringify(sealed && session ? seal(json, session.key) : json);
}
