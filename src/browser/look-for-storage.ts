import type { Frame } from '@playwright/test';
import { orLate } from './or-late.js';
import type { Quietly } from './quietly.js';
import { hasStorage, type ItemsToWrite } from './write-items.js';

/** A number for each frame, which grows with each document. */
export type FrameVisits = Pick<WeakMap<Frame, number>, 'get'>;

export interface LookOptions extends Pick<ItemsToWrite, 'origin' | 'area'> {
  readonly visits: FrameVisits;
  readonly quietly: Quietly;
}

/**
 * Whether a frame's document of an origin, which has just started, has the origin's storage: a sandboxed one does not.
 * `unknown`: a frame is gone, or a later document of the origin is there, which is looked at, too.
 */
export async function lookForStorage(
  frame: Frame,
  options: LookOptions,
): Promise<'has' | 'none' | 'unknown'> {
  // A document with an open dialog does not answer.
  const found = await orLate(patienceMs, ask(frame, options));
  return found === 'late' ? 'has' : found;
}

async function ask(
  frame: Frame,
  { origin, area, visits, quietly }: LookOptions,
): Promise<'has' | 'none' | 'unknown'> {
  const isMain = frame.parentFrame() === null;
  const visit = visits.get(frame);
  for (let left = mostAttempts; left > 0; left -= 1) {
    const answer = await quietly(() => frame.evaluate(hasStorage, { origin, area })).catch(() => undefined);
    if (answer !== undefined) return answer ? 'has' : 'none';
    const isLater = visits.get(frame) !== visit;
    if (isLater && frame.url().startsWith(`${origin}/`)) return 'unknown';
    // A page that leaves at once, such as a sign-out, had its storage. A frame may have been sandboxed.
    if (isLater || frame.isDetached() || frame.page().isClosed()) return isMain ? 'has' : 'unknown';
    // A document that starts in another process does not answer at first.
  }
  return isMain ? 'has' : 'unknown';
}

const patienceMs = 5000;
const mostAttempts = 50;
