import type { ErrorAdvice, HandOverErrorCode } from './error-codes.js';

export const handOverAdvice: Readonly<Record<HandOverErrorCode, ErrorAdvice>> = {
  ERR_STORE_UNWRITABLE: {
    means: 'The session store is not writable, or its entries cannot be read back.',
    next: 'Check the owner of its folder and the free disk space.',
  },
  ERR_STORE_UNREACHABLE: {
    means: 'The Redis that holds the sessions does not answer, or refuses the connection.',
    next: "Start it, check AUTH_SESSIONS_STORE_URL, or set store.whenStoreUnavailable to 'local'.",
  },
  ERR_STORE_KEY_INVALID: {
    means: 'The key of the session store is not valid.',
    next: 'Set AUTH_SESSIONS_KEY to 32 random bytes in base64, or unset it.',
  },
  ERR_FOLDER_NOT_PRIVATE: {
    means: 'Other users of the machine can change a folder or file that must be private.',
    next: 'Run chmod 700 on it, or use a folder on a disk that supports file modes.',
  },
  ERR_STATE_TOO_LARGE: {
    means: 'A storage state is too large to write back after a test.',
    next: "Set writeBack: 'check' for the session.",
  },
  ERR_STATE_REPLACED: {
    means: 'The state that a test left was not stored, because the store has another sign-in, or none.',
    next: 'Run again: the next test gets what is stored, or signs in. Do not empty the store during a run.',
  },
  ERR_PASSKEY_COUNTER_SPENT: {
    means:
      "A passkey's signature counter has no unused values left, or a test opened too many contexts with one state.",
    next: 'Open contexts with authSessions.newContext. If the counter is used up, remove the session, and register a new passkey.',
  },
  ERR_BROKER_UNREACHABLE: {
    means: 'The broker of the run is not reachable, or belongs to another run.',
    next: 'Run the whole suite again with npx playwright test.',
  },
  ERR_BROKER_NOT_STARTED: {
    means: 'The process that signs in did not start.',
    next: 'Read its output above, then run again.',
  },
  ERR_BROKER_LOST: {
    means: 'The process that signs in ended unexpectedly.',
    next: 'Run again. If it fails again, report it with its message.',
  },
  ERR_BROKER_REQUEST: {
    means: 'A worker sent the broker an invalid request.',
    next: 'Use the fixtures of one version of this package. Do not send requests to the broker yourself.',
  },
  ERR_PLAYWRIGHT_UNKNOWN: {
    means:
      'This Playwright version is not supported: its traces cannot be redacted, or its recorder cannot be used.',
    next: "Update this package. For traces, set use: { trace: 'off' } until a version supports it.",
  },
  ERR_PLAYWRIGHT_TOO_OLD: {
    means: 'A session needs more than this version of Playwright can do.',
    next: 'Update Playwright.',
  },
  ERR_STOPPED: { means: 'The run was stopped.', next: 'Start the run again.' },
};
