import { annotationType, parseAnnotation } from '../../src/core/session-annotation.js';

export interface Annotation {
  readonly type: string;
  readonly description?: string | undefined;
}

export interface AllureMetadata {
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  /** Excluded from a test's identity: a test stays the same for any session. */
  readonly parameters: readonly { readonly name: string; readonly value: string; readonly excluded: true }[];
}

/** A test's sessions for Allure; `undefined` if it has none. */
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

/** The fixture's annotation when a flow's `signedOut` returns true. */
const seenSignedOut = ' was seen signed out';
