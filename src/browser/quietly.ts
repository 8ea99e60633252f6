/** Keeps a call's parameters out of steps and traces. */
export type Quietly = <Result>(work: () => Promise<Result>) => Promise<Result>;
