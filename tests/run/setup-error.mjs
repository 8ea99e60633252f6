/** A step of the first run that cannot go on; its message says what to do, and is all that is printed. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}
