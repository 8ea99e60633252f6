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

function secretsOfLogin(login: string | undefined): readonly string[] {
  const [, password] = /^[^:]*:(.+)$/s.exec(login ?? '') ?? [];
  return login === undefined || password === undefined ? [] : [login, password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
