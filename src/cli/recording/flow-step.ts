import type { TypedTexts } from './name-typed-text.js';
import type { StepFacts } from './read-step.js';
import type { CodePart } from './split-codes.js';

/** A flow's statement, and its target: `page.getByLabel('Email')`, `fill`. */
export interface FlowStep extends Pick<StepFacts, 'subject' | 'method'> {
  readonly text: string;
}

export interface RewriteOptions {
  readonly typed: TypedTexts;
  /** The values of the session's references, by parameter. */
  readonly values: Readonly<Record<string, string>>;
  readonly baseURL: string | undefined;
  /** Whether a text still contains a secret in any written form. */
  readonly isSecret: (text: string) => boolean;
  /** Texts typed into secret fields: an assertion may contain even a short one. */
  readonly typedSecrets: readonly string[];
  /** Whether this step's field is a password field, even if it is filled with other text. */
  readonly isPasswordField: boolean;
  /** Set if the step fills in one character of a code, which an earlier variable contains. */
  readonly part?: CodePart | undefined;
}
