/** What a test waits for while its session is acquired. Has no value in it: workers show it in reports. */
export type AcquirePhase = (typeof acquirePhases)[number];

export const acquirePhases = ['lease', 'check', 'sign-in', 'code'] as const;

/** A phase, and those within it. Empty before the first, and between two. */
export type PhasePath = readonly AcquirePhase[];
