/** A secret found in an artifact. Never contains its value. */
export interface Leak {
  readonly kind: 'leak';
  /** The secret's label: `admin.password`. */
  readonly label: string;
  readonly file: string;
  /** The members that lead to it, from archive to archive; empty if it is in the file itself. */
  readonly members: readonly string[];
  /** Its written form: `plain`, `JSON in base64`. */
  readonly encoding: string;
  readonly count: number;
}

/** A file, or something in it, that could not be searched, so it may contain a secret. */
export interface Unsearched {
  readonly kind: 'unsearched';
  readonly file: string;
  readonly members: readonly string[];
  readonly reason: string;
  /** Set if a limit ended the search. A hostile file can be made to do that. */
  readonly stopped?: true;
}

export type Finding = Leak | Unsearched;

/**
 * Whether this finding fails the run: a secret, or a search ended by a limit. An archive that cannot be opened, such as
 * an encrypted one, is only reported.
 */
export function failsRun(finding: Finding): boolean {
  return finding.kind === 'leak' || finding.stopped === true;
}
