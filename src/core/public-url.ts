/**
 * An address as it may be told: without its query and its fragment, which may sign somebody in, and without the user and
 * the password that it may carry. A fragment that is a path, as `#/sign-in`, stays. Of an address that holds its page
 * itself, `data:` and the like, its scheme alone.
 */
export function publicUrl(url: string | undefined): string | undefined {
  const inline = /^(?:data|javascript|blob):/i.exec(url ?? '')?.[0];
  if (inline !== undefined) return `${inline}…`;
  return url && withoutUser(url.replace(/\?[^]*$/, '').replace(/#(?!!?\/)[^]*$/, ''));
}

/** An address as it may be written into a file: without the user and the password that it may carry. */
export function withoutUser(url: string): string {
  return url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1');
}

/** The same for every address of the web within a text, such as the message of an error. */
export function withPublicUrls(text: string): string {
  return text.replaceAll(webAddress, (address) => {
    const [, whole = '', after = ''] = /^(.*?)([).,;:!\]]*)$/.exec(address) ?? [];
    return `${publicUrl(whole) ?? ''}${after}`;
  });
}

const webAddress = /\b(?:https?|wss?):\/\/[^\s"'`<>]+/gi;
