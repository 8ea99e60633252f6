/** Keys become file names and Redis keys, so that adapters need no escaping. */
export function checkEntryKey(key: string): void {
  if (!isEntryKey(key))
    throw new TypeError(
      `A key of the session store has 1 to 200 letters, digits, ".", "_" or "-": ${JSON.stringify(key)}.`,
    );
}

export function isEntryKey(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,200}$/.test(text);
}

export function checkTtl(ttlMs: number): void {
  if (!Number.isFinite(ttlMs) || ttlMs <= 0)
    throw new TypeError(`A lease lasts a positive, finite number of milliseconds: ${ttlMs}.`);
}
