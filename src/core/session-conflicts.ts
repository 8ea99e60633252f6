/** The first option of a session that is right alone, and not together with the others. */
export function conflictIn(session: {
  readonly type?: string | undefined;
  readonly [option: string]: unknown;
}): { readonly key: string; readonly message: string } | undefined {
  const { type, flow, accounts, login, parameters, exclusive, maxConcurrentUses, writeBack } = session;
  const hasAccess = session.httpCredentials !== undefined || session.clientCertificates !== undefined;
  if (exclusive === true && maxConcurrentUses !== undefined)
    return { key: 'maxConcurrentUses', message: 'Expected: none, since exclusive: true allows one use' };
  if (exclusive === true && writeBack !== undefined && writeBack !== 'test')
    return { key: 'writeBack', message: "Expected: 'test' or none, since exclusive: true writes back" };
  if (type !== undefined && type !== 'credentials') return undefined;
  const hasNone = [parameters, login, accounts].every((one) => one === undefined);
  if (flow === undefined && hasAccess && hasNone) return undefined;
  if (flow === undefined) return { key: 'flow', message: 'Expected: a flow or the path of its file' };
  if (Array.isArray(accounts) && parameters !== undefined)
    return { key: 'parameters', message: 'Expected: none, since each account of the list has its own' };
  if (Array.isArray(accounts) && login !== undefined)
    return { key: 'login', message: 'Expected: none, since each account of the list has its own parameters' };
  if (!Array.isArray(accounts) && parameters === undefined && login === undefined)
    return { key: 'parameters', message: 'Expected: an object, or a login beside it' };
  const isSame =
    typeof accounts === 'number' &&
    accounts > 1 &&
    ![login, ...Object.values((parameters ?? {}) as Record<string, string>)].some((text) =>
      String(text).includes('${account}'),
    );
  if (isSame)
    return {
      key: login === undefined ? 'parameters' : 'login',
      message: 'Expected: ${account} in a reference, since the accounts differ by it',
    };
  return undefined;
}
