/** A secret that is in an artifact. Never its value. */
export interface Leak {
  readonly kind: 'leak';
  /** Which secret: `admin.password`. */
  readonly label: string;
  readonly file: string;
  /** The way to it within the file, from archive to archive; empty when it is in the file itself. */
  readonly members: readonly string[];
  /** How it is written: `plain`, `JSON in base64`. */
  readonly encoding: string;
  readonly count: number;
}

/** A file, or something in it, that could not be searched: whether a secret is there is not known. */
export interface Unsearched {
  readonly kind: 'unsearched';
  readonly file: string;
  readonly members: readonly string[];
  readonly reason: string;
  /** A limit of the search is the reason, which a hostile file can be made for. */
  readonly stopped?: true;
}

export type Finding = Leak | Unsearched;

/**
 * Whether a run with this finding counts as failed: a secret, or a search that a limit ended. An archive that nobody
 * can open, such as an encrypted one, is reported alone.
 */
export function failsRun(finding: Finding): boolean {
  return finding.kind === 'leak' || finding.stopped === true;
}
