import type { AttemptStep } from './leave-out-attempts.js';
import type { KnownTexts } from './name-typed-text.js';
import type { RecordedStep } from './playwright-recorder.js';
import { readStep } from './read-step.js';

export interface PlacedStep extends AttemptStep {
  readonly code: string;
  /** Whether it is a password field, even if this step fills in other text. */
  readonly isPasswordField: boolean;
}

export interface StepsToPlace extends KnownTexts {
  readonly steps: readonly Pick<RecordedStep, 'code' | 'url'>[];
}

/** Adds facts about the fields to steps. */
export function placeSteps({ steps, values, isCode, kindOf }: StepsToPlace): PlacedStep[] {
  const read = steps.map(({ code, url }) => {
    const facts = readStep(code);
    return { code, ...facts, place: facts.subject && `${pageOf(url)} ${facts.subject}` };
  });
  const passwords = new Set(
    read
      .filter(({ method, given }) => method === 'fill' && kindOf(given ?? '') === 'password')
      .map(({ place }) => place),
  );
  const known = new Set(Object.values(values ?? {}));
  return read.map((step) => {
    const { method, subject = '', place, given = '' } = step;
    const kind = kindOf(given);
    // Text without an event: a closing page may be faster.
    const isPasswordField =
      method === 'fill' &&
      kind !== 'code' &&
      (isPasswordName(subject) || (kind === undefined && passwords.has(place)));
    const isRight = isCode(given.replaceAll(/\s/g, ''));
    const isCredential =
      isPasswordField || kind !== undefined || isRight || known.has(given) || /^\d$/.test(given);
    return { ...step, isPasswordField, isRight, isCredential };
  });
}

function pageOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function isPasswordName(subject: string): boolean {
  return passwordWords.test(subject) && !/one.?time|otp/i.test(subject);
}

const passwordWords = /passw|passphrase|kennwort|contraseña|mot de passe|senha|wachtwoord/i;
