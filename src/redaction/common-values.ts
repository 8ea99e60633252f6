/**
 * Whether a value is distinguishable from other text anywhere. Values under six characters are not, and neither are
 * common words in Playwright's reports and traces (`password` is an input type): these are redacted only as a whole
 * field or in quotes.
 */
export function isSearchable(value: string): boolean {
  return value.length >= shortestSearched && !ownWords.has(value.toLowerCase());
}

/** Why a value is not searched for, to complete a sentence about it; `undefined` if it is. */
export function explainUnsearchable(value: string): string | undefined {
  if (isSearchable(value)) return undefined;
  return value.length < shortestSearched
    ? `has fewer than ${shortestSearched} characters`
    : 'is a common word in reports';
}

/** Shorter values occur by accident too often to search for them in any form. */
export const shortestSearched = 6;
/** Words of Playwright's reports, traces and protocol that an account's values may contain. */
const ownWords = new Set(
  `account action attachment browser button chromium content context cookie credentials custom default document
  domain duration element enabled example expected external failed firefox global header headers hidden hostname
  internal library localhost locator manual master message metadata method missing mobile monitor network number
  object options output package params parent passed password passwords playwright preview private process project
  public reader receiver request resource resources response result results retries screen script search secret
  secrets server service session sessions setting settings simple single source standard static status storage
  string submit support system testid testing textbox timeout tracing unknown update upload username version
  viewer visible warning webkit welcome window worker writer`.split(/\s+/),
);
