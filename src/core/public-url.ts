/**
 * A URL that is safe to report: without user and password, and without query and fragment, which may contain
 * credentials. A fragment that is a path, such as `#/sign-in`, stays. URLs that contain their page, such as `data:`,
 * are reduced to their scheme.
 */
export function publicUrl(url: string | undefined): string | undefined {
  const inline = /^(?:data|javascript|blob):/i.exec(url ?? '')?.[0];
  if (inline !== undefined) return `${inline}…`;
  return url && withoutUser(url.replace(/\?[^]*$/, '').replace(/#(?!!?\/)[^]*$/, ''));
}

/** A URL that is safe to write into a file: without user and password. */
export function withoutUser(url: string): string {
  return url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1');
}

/** Makes every web URL in a text, such as an error message, safe to report. */
export function withPublicUrls(text: string): string {
  return text.replaceAll(webAddress, (address) => {
    const [, whole = '', after = ''] = /^(.*?)([).,;:!\]]*)$/.exec(address) ?? [];
    return `${publicUrl(whole) ?? ''}${after}`;
  });
}

const webAddress = /\b(?:https?|wss?):\/\/[^\s"'`<>]+/gi;
