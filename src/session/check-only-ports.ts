/** What a check is not given: it signs nobody in, stores no failures and creates no records. */
export function checkOnlyPorts() {
  return {
    accounts: { signIn: () => Promise.reject(new TypeError('a check never signs in')) },
    newId: () => '',
    report: () => undefined,
    failures: new Map<never, never>(),
    onFailure: () => undefined,
  };
}
