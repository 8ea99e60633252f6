import type { TypedTexts } from './typed-texts.js';
import type { StepFacts } from './read-step.js';
import type { CodePart } from './split-codes.js';

/** One statement of a flow, and what it is about: `page.getByLabel('Email')`, `fill`. */
export interface FlowStep extends Pick<StepFacts, 'subject' | 'method'> {
  readonly text: string;
}

export interface RewriteOptions {
  readonly typed: TypedTexts;
  /** The values of the session's references, by parameter. */
  readonly values: Readonly<Record<string, string>>;
  readonly baseURL: string | undefined;
  /** Whether a text still holds a secret, however it is written. */
  readonly isSecret: (text: string) => boolean;
  /** What was typed into fields of secrets: an assertion may hold even a short one. */
  readonly typedSecrets: readonly string[];
  /** Whether this step is about a field of a password, whatever it is filled with. */
  readonly isPasswordField: boolean;
  /** For a step that fills in one character of a code, which a variable before it has. */
  readonly part?: CodePart | undefined;
}
