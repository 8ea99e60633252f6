import type { Clock } from '../core/ports.js';
import { objectOf, type ClientObject, type Message, type Sending } from './intercept-sends.js';
import { ownerOf, urlOf, type Targets } from './message-targets.js';

export interface SendToElementOptions {
  readonly sending: Sending;
  /** Throws if the value does not belong there. */
  readonly judge: (targets: Targets) => void;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Whether a message names its element by a selector, and can be sent to the element itself. */
export function namesElement({ object, method, params }: Message): boolean {
  return object._type === 'Frame' && typeof params.selector === 'string' && ofElements.has(method);
}

/**
 * Sends a message to the element that its selector finds, once `judge` has accepted the element's frame. A selector waits:
 * the page of its frame may be another one by the time there is an element, and an element belongs to one document. An
 * element that is replaced meanwhile is looked for again.
 */
export async function sendToElement(
  { object, method, params, timeoutMs }: Message,
  { sending, judge, clock }: SendToElementOptions,
): Promise<unknown> {
  const { selector, strict, ...rest } = params;
  const endMs = timeoutMs > 0 ? clock.nowMs() + timeoutMs : Infinity;
  for (let attempt = 1; ; attempt += 1) {
    const leftMs = () => (endMs === Infinity ? 0 : Math.max(1, endMs - clock.nowMs()));
    const found = { selector, ...(strict !== undefined && { strict }), state: 'attached' };
    const asked = { object, method: 'waitForSelector', params: found, timeoutMs: leftMs() };
    const element = objectOf((await sending.other(asked)).element);
    if (!element) throw new TypeError('The selector found no element.');
    try {
      judge(urlOf(await ownerOf(element, sending)));
      return await sending.other({ object: element, method, params: rest, timeoutMs: leftMs() });
    } catch (error) {
      if (!isReplaced(error) || clock.nowMs() >= endMs || attempt >= mostAttempts) throw error;
    } finally {
      dispose(element, sending);
    }
  }
}

function dispose(element: ClientObject, sending: Sending): void {
  // It may be gone with its document.
  sending.other({ object: element, method: 'dispose', timeoutMs: 0 }).catch(() => undefined);
}

function isReplaced(error: unknown): boolean {
  return error instanceof Error && replaced.test(error.message);
}

const ofElements: ReadonlySet<string> = new Set([
  ...['fill', 'type', 'press', 'selectOption', 'setInputFiles', 'dispatchEvent'],
]);
const replaced =
  /not attached to the DOM|context was destroyed|cannot find context|frame (?:was|has been) detached|has been collected|not belong to the document/i;
const mostAttempts = 50;
