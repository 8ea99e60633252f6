import type { Page } from '@playwright/test';
import { cleanMessage } from './clean-message.js';
import { describeCall } from './describe-call.js';
import type { CallWatcher, PlaywrightCall } from './playwright-calls.js';

/** Records the steps of a flow, and formats them on demand. */
export interface FlowTrail {
  readonly watcher: CallWatcher;
  /** The last steps, one per line: when each began, how long it took, what it was. */
  steps(redact: (text: string) => string): string[];
  /** Whether the last step waited for an element in vain. */
  missesElement(): boolean;
  /** Console errors and exceptions of pages. */
  consoleErrors(redact: (text: string) => string): string[];
}

interface Step {
  readonly call: PlaywrightCall;
  readonly startedMs: number;
  endedMs?: number;
  error?: Error | undefined;
}

/** Steps are formatted late, when the redactor knows every value the flow has used. */
export function createFlowTrail(page: Page | undefined, nowMs: () => number): FlowTrail {
  const steps: Step[] = [];
  const errors: string[] = [];
  const beganMs = nowMs();
  const keep = <Entry>(all: Entry[], entry: Entry) => {
    all.push(entry);
    if (all.length > maxEntries) all.shift();
  };
  const context = page?.context();
  context?.on('console', (message) => {
    if (message.type() === 'error') keep(errors, message.text());
  });
  context?.on('weberror', (error) => keep(errors, error.error().message));
  return {
    watcher(call) {
      const step: Step = { call, startedMs: nowMs() };
      keep(steps, step);
      return (error) => Object.assign(step, { endedMs: nowMs(), error });
    },
    steps(redact) {
      const locate = (selector: string) => (page ? String(page.locator(selector)) : selector);
      const words = ({ call }: Step) => describeCall(call, { locate, redact });
      return steps.map((step) => formatStep(step, words(step), { beganMs, redact }));
    },
    missesElement() {
      const last = steps.at(-1);
      if (typeof last?.call.params.selector !== 'string') return false;
      return last.endedMs === undefined || last.error?.name === 'TimeoutError';
    },
    consoleErrors: (redact) =>
      errors.map((text) => firstLine(cleanMessage(new Error(text), redact), maxErrorLength)),
  };
}

function formatStep(
  { startedMs, endedMs, error }: Step,
  words: string,
  { beganMs, redact }: { readonly beganMs: number; readonly redact: (text: string) => string },
): string {
  const at = `+${((startedMs - beganMs) / 1000).toFixed(1)} s`.padStart(8);
  const took = (endedMs === undefined ? 'not ended' : `${Math.round(endedMs - startedMs)} ms`).padStart(9);
  const failed = error ? `: ${firstLine(cleanMessage(error, redact), maxErrorLength)}` : '';
  return `${at}  ${took}  ${words}${failed}`;
}

function firstLine(text: string, maxLength: number): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, maxLength);
}

const maxEntries = 50;
const maxErrorLength = 300;
