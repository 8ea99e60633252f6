/**
 * Why a session's state may be signed out, from what a test saw. `signed-out`: the flow's `signedOut` returned true.
 * `cookie-gone`: the test's context lost a cookie that the session needs. `lost`: each use replaces the state, and the
 * new one is unknown. `failed`: the test failed for any reason.
 */
export const doubtReasons = ['signed-out', 'cookie-gone', 'lost', 'failed'] as const;
export type DoubtReason = (typeof doubtReasons)[number];
