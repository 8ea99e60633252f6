/** For optional work: its failure must not end the caller. */
export function tryTo(act: () => void): void {
  try {
    act();
  } catch {
    // see above
  }
}
