/** Maps times of a run to places on its timeline. */
export interface TimeScale {
  /** The place of a time, in percent of the width with two decimals, from 0 to 100. */
  at(ms: number): number;
  /** Round times with their labels, `0 s` first. */
  readonly ticks: readonly Tick[];
  /** End of the close-up. From there, time has its normal scale. */
  readonly closeUpEnd: number | undefined;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface Span {
  readonly fromMs: number;
  /** Before `fromMs`, for example after the clock was set back, it counts as a moment later. */
  readonly toMs: number;
  /** End of the interesting part. In a long run, that part gets half of the width. */
  readonly settledMs: number;
}

export function createTimeScale({ fromMs, toMs, settledMs }: Span): TimeScale {
  const lengthMs = Math.max(toMs - fromMs, 1);
  const stepMs = stepFor(lengthMs, maxTicks);
  const closeMs = (settledMs - fromMs) * 1.1;
  const closeStepMs = stepFor(closeMs, maxTicks / 2);
  const breakMs = Math.ceil(closeMs / closeStepMs) * closeStepMs;
  const isLong = closeMs > 0 && breakMs < lengthMs * closeUpBelow;
  const share = isLong
    ? (ms: number) => (ms < breakMs ? ms / breakMs / 2 : 0.5 + (ms - breakMs) / (lengthMs - breakMs) / 2)
    : (ms: number) => ms / lengthMs;
  const at = (ms: number) => Math.round(Math.min(Math.max(share(ms - fromMs), 0), 1) * 10_000) / 100;
  const moments = isLong
    ? [
        ...momentsTo(breakMs, closeStepMs),
        ...momentsTo(lengthMs, stepMs).filter((ms) => ms > breakMs + stepMs / 2),
      ]
    : momentsTo(lengthMs, stepMs);
  return {
    at,
    ticks: moments.map((ms) => ({ at: at(fromMs + ms), label: formatTick(ms) })),
    closeUpEnd: isLong ? 50 : undefined,
  };
}

function stepFor(lengthMs: number, ticks: number): number {
  return steps.find((step) => lengthMs / step <= ticks) ?? Math.ceil(lengthMs / ticks);
}

function momentsTo(lengthMs: number, stepMs: number): number[] {
  return Array.from({ length: Math.floor(lengthMs / stepMs) + 1 }, (_, index) => index * stepMs);
}

function formatTick(ms: number): string {
  if (ms === 0) return '0 s';
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${ms / 1000} s`;
  const seconds = Math.round((ms % 60_000) / 1000);
  return `${Math.floor(ms / 60_000)} min${seconds === 0 ? '' : ` ${seconds} s`}`;
}

const maxTicks = 6;
const closeUpBelow = 0.3;
const [second, minute] = [1000, 60_000];
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 240, 480].map((count) => count * minute),
];
