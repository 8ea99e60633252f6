import type { Page } from '@playwright/test';
import { cleanMessage } from './clean-message.js';
import { describeCall } from './describe-call.js';
import type { CallWatcher } from './playwright-calls.js';
import { sentSecrets } from './sent-secrets.js';
import { failedStepOf, firstWords, formatStep, whyFailed, type TrailStep } from './trail-step.js';

/** Records the steps of a flow, and formats them on demand. */
export interface FlowTrail {
  readonly watcher: CallWatcher;
  /** The last steps, one per line: when each began, how long it took, what it was. */
  steps(redact: (text: string) => string): string[];
  /** The step that failed, or the last one before the flow failed by itself. */
  failedAt(redact: (text: string) => string): string | undefined;
  /** Whether the last step waited for an element in vain. */
  missesElement(): boolean;
  /** The names of the secrets that the flow sent last, the last typed one first. */
  sentSecrets(redact: (text: string) => string): readonly string[];
  /** Console errors and exceptions of pages. */
  consoleErrors(redact: (text: string) => string): string[];
}

/** Steps are formatted late, when the redactor knows every value the flow has used. */
export function createFlowTrail(page: Page | undefined, nowMs: () => number): FlowTrail {
  const steps: TrailStep[] = [];
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
  const wordsOf = ({ call }: TrailStep, redact: (text: string) => string) => {
    const locate = (selector: string) => (page ? String(page.locator(selector)) : selector);
    return describeCall(call, { locate, redact });
  };
  return {
    watcher(call) {
      const step: TrailStep = { call, startedMs: nowMs() };
      keep(steps, step);
      return (error) => Object.assign(step, { endedMs: nowMs(), error });
    },
    steps(redact) {
      const failed = failedStepOf(steps);
      return steps.map((step) => {
        const [words, isFailed] = [wordsOf(step, redact), step === failed];
        return formatStep(step, { words, beganMs, isFailed, redact });
      });
    },
    failedAt(redact) {
      const failed = failedStepOf(steps);
      if (failed) return `${wordsOf(failed, redact)}${whyFailed(failed, redact) || ': it did not end'}`;
      const last = steps.at(-1);
      return last && `after its last step: ${wordsOf(last, redact)}`;
    },
    missesElement() {
      const last = steps.at(-1);
      if (typeof last?.call.params.selector !== 'string') return false;
      return last.endedMs === undefined || last.error?.name === 'TimeoutError';
    },
    sentSecrets: (redact) => sentSecrets(steps, redact),
    consoleErrors: (redact) => errors.map((text) => firstWords(cleanMessage(new Error(text), redact))),
  };
}

const maxEntries = 50;
