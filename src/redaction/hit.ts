import type { WrittenForm } from './written-form.js';

/** A place where a known value is written. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** Its written form: `plain`, `JSON in base64`. */
  readonly encoding: string;
  readonly form: WrittenForm;
  /** Whether only its beginning is there, before an ellipsis. */
  readonly cut: boolean;
}
