import { setTimeout as sleep } from 'node:timers/promises';
import { tooManyRequests } from './exchange.js';
import type { Answer, Exchange } from './exchange.js';
import type { FaultKind } from './fault.js';

/** Answers with a fault in the way: `answer` is what would happen without it. */
export async function answerWithFault(
  fault: FaultKind,
  exchange: Exchange,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  switch (fault.kind) {
    case 'status':
      return { status: fault.status, text: fault.body ?? '', headers: fault.headers ?? {} };
    case 'body':
      return { status: 200, text: fault.body };
    case 'rewrite':
      return rewritten(await answer(), fault.rewrite);
    case 'truncate': {
      const { bytes, ending = 'broken' } = fault;
      return { ...(await answer()), delivery: { kind: 'part', bytes, ending } };
    }
    case 'drip':
      return { ...(await answer()), delivery: { kind: 'drip', everyMs: fault.everyMs } };
    case 'garble':
      return { ...(await answer()), delivery: { kind: 'garbled' } };
    case 'reset':
      return { status: 0, delivery: { kind: 'reset' } };
    case 'delay':
      await sleep(fault.delayMs, undefined, { ref: false });
      return answer();
    case 'hang':
      return new Promise(() => undefined);
    case 'wrong-proof':
      return exchange.route === 'sign-in-prove' ? rewritten(await answer(), () => WRONG_PROOF) : answer();
    case 'expired-session':
      exchange.session?.expire();
      return answer();
    case 'revoked':
      exchange.serviceAccount?.revoke();
      return answer();
    case 'rate-limit':
      if (!exchange.serviceAccount) throw tooManyRequests(fault.windowSeconds);
      exchange.serviceAccount.limiter.block(fault.windowSeconds);
      return answer();
  }
}

function rewritten(answer: Answer, rewrite: (json: unknown) => unknown): Answer {
  return { ...answer, json: rewrite(answer.json) };
}

const WRONG_PROOF = { serverVerifyHash: Buffer.alloc(32, 1).toString('base64url') };
