import type { ErrorAdvice, DeclarationErrorCode } from './error-codes.js';

export const declarationAdvice: Readonly<Record<DeclarationErrorCode, ErrorAdvice>> = {
  ERR_CONFIG_INVALID: {
    means: 'The sessions file or the config has invalid values.',
    next: 'Fix what the message lists. It lists every problem at once.',
  },
  ERR_CONFIG_NOT_WRAPPED: {
    means: 'The Playwright config does not use withAuthSessions, or its global setup did not run.',
    next: 'Wrap the config in withAuthSessions.',
  },
  ERR_SESSIONS_FILE_MISSING: {
    means: 'The sessions file that the config names does not exist.',
    next: 'Fix the path in withAuthSessions.',
  },
  ERR_SESSIONS_FILE_BROKEN: {
    means: 'The sessions file cannot be loaded.',
    next: 'Compile the file, and fix the errors shown.',
  },
  ERR_SESSION_UNKNOWN: {
    means: 'A test asked for a session that the sessions file does not declare.',
    next: 'Fix the name, or declare the session.',
  },
  ERR_SESSION_TYPE: {
    means: 'A session was used in a way that its type does not support.',
    next: 'Pass parameters only to sessions of type runtime. Ask for credentials only of sessions of type credentials.',
  },
  ERR_SESSION_REQUIRED: {
    means: 'The config sets requireAuthSession, and a test names no session.',
    next: "Name one with test.use({ authSession: '…' }), or say authSession: null for a test that starts signed out.",
  },
  ERR_PARAMETER_UNKNOWN: {
    means: 'A flow reads a parameter that its session does not declare.',
    next: 'Declare the parameter, or fix its name in the flow.',
  },
  ERR_PROXY_PINNED: {
    means: 'A test uses a session with another proxy than the session sets.',
    next: 'Remove proxy from test.use, or from the session.',
  },
  ERR_HEADERS_INVALID: {
    means: "A flow's create returns headers that cannot be sent, or names no origin.",
    next: 'Return { headers: { Authorization: … } }. Give the session a baseURL, or return origins too.',
  },
  ERR_HEADERS_UNSUPPORTED: {
    means:
      "Playwright cannot limit a session's headers to its origins: in another browser than Chromium, or elsewhere.",
    next: 'Use request in these tests, or a project with Chromium.',
  },
  ERR_REFERENCE_INVALID: {
    means: 'A secret reference is malformed, or contains a variable that is not set.',
    next: 'Copy the reference from 1Password, or set the variable.',
  },
  ERR_FLOW_MISSING: {
    means: 'The file of an auth flow does not exist.',
    next: 'Fix its path. It is relative to the sessions file.',
  },
  ERR_FLOW_BROKEN: {
    means: 'An auth flow cannot be loaded, or its file does not export one.',
    next: 'Export the result of defineAuthFlow as default.',
  },
};
