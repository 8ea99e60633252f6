import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../src/core/ports.js';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => delay(ms, undefined, { signal }),
};
