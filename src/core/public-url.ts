/** A base URL as it may be told: it may carry a user and a password for the server before the application. */
export function publicUrl<Url extends string | undefined>(url: Url): Url {
  return url?.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1') as Url;
}
