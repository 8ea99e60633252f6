/** A file to write: new if `before` is `undefined`, otherwise with added lines. */
export interface FileChange {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string;
}
