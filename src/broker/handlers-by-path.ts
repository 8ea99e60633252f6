import type { BrokerRequests } from '../wire/messages.js';
import type { BrokerCaller } from './broker-caller.js';

/** The broker's answers, by request. */
export type BrokerHandlers = {
  readonly [Path in keyof BrokerRequests]: (
    request: BrokerRequests[Path]['request'],
    caller?: BrokerCaller,
  ) => Promise<BrokerRequests[Path]['answer']>;
};

/** Those of tests. The others are of scripts. */
export type TestHandlers = Omit<BrokerHandlers, StoredSessionPath>;

export type StoredSessionPath = '/projects' | '/list' | '/check' | '/stored' | '/retire';

export type HeldSessionPath = '/invalidate' | '/end-session' | '/suspect' | '/write-back';
