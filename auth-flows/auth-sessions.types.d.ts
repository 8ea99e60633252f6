// Written by playwright-auth-sessions: session names complete, and a misspelt one does not compile.
// Commit it. It follows the sessions file by itself. Changes to it are lost.
/* eslint-disable */
// prettier-ignore
declare module 'playwright-auth-sessions' {
  interface AuthSessionsFiles {
    "auth-flows/auth-sessions.ts": typeof import("./auth-sessions.js");
  }
}
export {};
