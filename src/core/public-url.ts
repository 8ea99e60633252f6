/** A base URL as it may be told: it may carry a user and a password for the server before the application. */
export function publicUrl(url: string | undefined): string | undefined {
  return url?.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1');
}
