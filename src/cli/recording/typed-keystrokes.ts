import type { FlowStep } from './flow-step.js';
import { formatCredential } from './format-credential.js';
import type { PlacedStep } from './place-steps.js';
import type { TypedTexts } from './typed-texts.js';

/** Joins letters and digits typed outside a field, each of which is a separate step. */
export function joinKeystrokes(steps: readonly PlacedStep[]): PlacedStep[] {
  const joined: PlacedStep[] = [];
  let isRun = false;
  for (const step of steps) {
    const last = joined.at(-1);
    const isKeystroke: boolean = isTyped(step, isRun ? last : undefined);
    if (isKeystroke && isRun && last)
      joined.splice(-1, 1, { ...last, given: `${last.given ?? ''}${step.given ?? ''}` });
    else joined.push(isKeystroke ? { ...step, method: keystrokes } : step);
    isRun = isKeystroke;
  }
  return joined;
}

/** A single space is how a box is checked by key. */
function isTyped({ method, given, subject }: PlacedStep, last: PlacedStep | undefined): boolean {
  if (method !== 'press' || given?.length !== 1) return false;
  return given !== ' ' || last?.subject === subject;
}

export function areKeystrokes({ method }: PlacedStep): boolean {
  return method === keystrokes;
}

/** Replaces them if they are a code or a value. Otherwise they may be part of one, and are left out. */
export function rewriteKeystrokes(
  { subject = 'page.keyboard', given = '' }: PlacedStep,
  typed: TypedTexts,
): FlowStep {
  const by = typed.nameOf(given);
  if (by.by === 'nothing') return { text: `// TODO: ${leftOut(given.length)} typed outside a field.` };
  const text = by.by === 'code' ? 'await totp()' : formatCredential(by.parameter);
  return { text: `await ${subject}.pressSequentially(${text});`, subject, method: 'pressSequentially' };
}

function leftOut(count: number): string {
  return count === 1 ? 'a key is left out here that was' : `${count} keys are left out here that were`;
}

const keystrokes = 'keystrokes';
