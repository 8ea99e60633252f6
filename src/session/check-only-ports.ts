/** A check stores no failures and creates no records. */
export const checkOnlyPorts = {
  accounts: { signIn: () => Promise.reject(new TypeError('a check never signs in')) },
  newId: () => '',
  report: () => undefined,
  failures: new Map<never, never>(),
  onFailure: () => undefined,
};
