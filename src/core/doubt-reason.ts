/**
 * Why the state of a session may be dead, by what a test saw. `signed-out`: the flow's `signedOut` said so.
 * `cookie-gone`: a cookie that it lives by is gone from the test's context. `lost`: nobody knows what the test's
 * context left of a state that each use replaces. `failed`: the test failed, for any reason.
 */
export const doubtReasons = ['signed-out', 'cookie-gone', 'lost', 'failed'] as const;
export type DoubtReason = (typeof doubtReasons)[number];
