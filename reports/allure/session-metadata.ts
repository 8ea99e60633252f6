import { annotationType, parseAnnotation } from '../../src/core/session-annotation.js';

export interface Annotation {
  readonly type: string;
  readonly description?: string | undefined;
}

export interface AllureMetadata {
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  /** Left out of what tells one test from another: a test stays the same whoever it was signed in as. */
  readonly parameters: readonly { readonly name: string; readonly value: string; readonly excluded: true }[];
}

/** What Allure is told of a test's sessions; `undefined` for a test that had none. */
export function metadataOf(
  annotations: readonly Annotation[],
  environment: string | undefined,
): AllureMetadata | undefined {
  const own = annotations.filter(({ type }) => type === annotationType).map((one) => one.description ?? '');
  const sessions = own.flatMap((text) => parseAnnotation(text) ?? []);
  if (sessions.length === 0) return undefined;
  const isLost = own.some((text) => text.endsWith(seenSignedOut));
  const named = (name: string, values: readonly string[]) =>
    [...new Set(values)].map((value) => ({ name, value }));
  return {
    labels: [
      ...named(
        'authSession',
        sessions.map(({ session }) => session),
      ),
      ...named(
        'authSessionOutcome',
        sessions.map(({ outcome }) => outcome),
      ),
      ...named(
        'authSessionError',
        sessions.flatMap(({ errorCode }) => errorCode ?? []),
      ),
      ...named('authEnvironment', environment === undefined ? [] : [environment]),
      ...(isLost ? [{ name: 'authSessionLost', value: 'true' }] : []),
    ],
    parameters: [
      ...sessions.map(({ session, outcome, errorCode }) => ({
        name: `auth session ${session}`,
        value: errorCode === undefined ? outcome : `${outcome}: ${errorCode}`,
        excluded: true as const,
      })),
      ...(environment === undefined
        ? []
        : [{ name: 'auth environment', value: environment, excluded: true as const }]),
    ],
  };
}

/** As the fixture notes it when a flow's `signedOut` says so. */
const seenSignedOut = ' was seen signed out';
