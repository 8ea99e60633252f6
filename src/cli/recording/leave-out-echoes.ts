import type { RecordedStep } from './playwright-recorder.js';
import { parseStatements } from './syntax.js';

/** A step, and whether the browser caused it. */
export type HeardStep = Pick<RecordedStep, 'code' | 'url'> & Partial<Pick<RecordedStep, 'isEcho'>>;

/**
 * Keeps one step per action of a person. Enter in a form, and Enter or space on a button, are reported twice: as the
 * key, and as the click that the browser makes of it. A flow with both would submit a password twice.
 */
export function leaveOutEchoes<Step extends HeardStep>(steps: readonly Step[]): Step[] {
  return steps.filter((step, index) => {
    const [before, after] = [steps[index - 1], steps[index + 1]];
    if (isEchoOf(step, before)) return !keepsKeystroke(step);
    return !(after && isEchoOf(after, step) && !keepsKeystroke(after));
  });
}

function isEchoOf({ isEcho = false }: HeardStep, before: HeardStep | undefined): boolean {
  return isEcho && before !== undefined && sendingKeystroke.test(before.code);
}

/** The person pressed the key, and the button may be hidden. But only the click waits for a new window. */
function keepsKeystroke(echo: HeardStep): boolean {
  return parseStatements(echo.code).length === 1;
}

const sendingKeystroke = /\.press\('(?:\w+\+)*(?:Enter|NumpadEnter| |Space)'\);/;
