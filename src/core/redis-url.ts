/**
 * What the redactor has to know of the URL of a Redis: the URL, its users with their passwords, and each password as
 * typed and as meant. Nothing where there is no URL.
 */
export function secretsOfRedisUrl(url: string | undefined): readonly string[] {
  const text = url?.trim();
  if (!text) return [];
  const [, user] = /^[a-z]+:\/\/([^@]*)@/.exec(text) ?? [];
  const [, sentinel] = /\?sentinel=([^&#]+)$/.exec(text) ?? [];
  return [...new Set([text, ...secretsOfLogin(user), ...secretsOfLogin(sentinel)])];
}

/** The user and the password of a login, as they are typed. */
export function splitRedisLogin(
  login: string | undefined,
): Readonly<Record<'username' | 'password', string | undefined>> {
  const [, username, password] = /^([^:]*)(?::(.*))?$/s.exec(login ?? '') ?? [];
  return { username, password };
}

/** `undefined` if the percent signs encode nothing. */
export function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function secretsOfLogin(login: string | undefined): readonly string[] {
  const { password } = splitRedisLogin(login);
  return login && password ? [login, password, percentDecoded(password) ?? password] : [];
}
