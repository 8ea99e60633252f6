/** A base URL as it may be told: it may carry a user and a password for the server before the application. */
export function publicUrl(url: string | undefined): string | undefined {
  return url?.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1');
}

/**
 * An address as a message may have it: without user and password, and cut before its query and its fragment, which may
 * sign somebody in. A fragment that is a path, as `#/sign-in`, stays.
 */
export function publicAddress(url: string): string {
  const [address = ''] = url.split('?', 1);
  return (publicUrl(address) ?? '').replace(/#(?!!?\/).*$/s, '');
}

/** A text whose addresses of the web are such ones; a secret reference keeps its query. */
export function withPublicAddresses(text: string): string {
  return text.replaceAll(/\b(?:https?|wss?):\/\/[^\s"'`<>\\]+/gi, (address) => {
    const [, end = ''] = /([.,;:!)\]}]*)$/.exec(address) ?? [];
    return publicAddress(address.slice(0, address.length - end.length)) + end;
  });
}
