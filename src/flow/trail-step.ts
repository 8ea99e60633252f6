import { cleanMessage } from './clean-message.js';
import type { PlaywrightCall } from './playwright-calls.js';

/** A call that a flow made. */
export interface TrailStep {
  readonly call: PlaywrightCall;
  readonly startedMs: number;
  endedMs?: number;
  error?: Error | undefined;
}

/** The step that failed. `undefined` if the flow went on after every failure, and then failed by itself. */
export function failedStepOf(steps: readonly TrailStep[]): TrailStep | undefined {
  const failed = steps.findLast(({ endedMs, error }) => endedMs === undefined || error !== undefined);
  const wentOn = steps.some(
    ({ startedMs, endedMs, error }) =>
      endedMs !== undefined && error === undefined && startedMs >= (failed?.endedMs ?? Infinity),
  );
  return wentOn ? undefined : failed;
}

export interface StepWords {
  /** What the step did. */
  readonly words: string;
  readonly beganMs: number;
  readonly isFailed: boolean;
  readonly redact: (text: string) => string;
}

/** When a step began, how long it took, and what it was. The one that failed is marked. */
export function formatStep(step: TrailStep, { words, beganMs, isFailed, redact }: StepWords): string {
  const { startedMs, endedMs } = step;
  const at = `+${((startedMs - beganMs) / 1000).toFixed(1)} s`.padStart(8);
  const took = (endedMs === undefined ? 'not ended' : `${Math.round(endedMs - startedMs)} ms`).padStart(9);
  return `${isFailed ? '✗ ' : '  '}${at}  ${took}  ${words}${whyFailed(step, redact)}`;
}

/** `: Timeout 500ms exceeded.`, or nothing. */
export function whyFailed({ error }: TrailStep, redact: (text: string) => string): string {
  return error ? `: ${firstWords(cleanMessage(error, redact))}` : '';
}

/** The first line of an error's message, cut. */
export function firstWords(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, maxLength);
}

const maxLength = 300;
