/**
 * Whether a value can be told from other text wherever it stands. One of less than six characters cannot, nor a word
 * that Playwright's own reports and traces are full of (`password` is a type of input): these are redacted where they
 * are the whole of a field, or in quotes.
 */
export function isSearchable(value: string): boolean {
  return value.length >= shortestSearched && !ownWords.has(value.toLowerCase());
}

/** Why a value is not searched for, as the end of a sentence about it; `undefined` when it is. */
export function explainUnsearchable(value: string): string | undefined {
  if (isSearchable(value)) return undefined;
  return value.length < shortestSearched
    ? `has fewer than ${shortestSearched} characters`
    : 'is a word that reports are full of';
}

/** Shorter values are found by accident too often to be searched for, in any form. */
export const shortestSearched = 6;
/** Of Playwright's reports, traces and protocol, those that somebody may have chosen for an account. */
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
