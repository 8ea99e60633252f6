import type { ErrorAdvice, SignInErrorCode } from './error-codes.js';

export const signInAdvice: Readonly<Record<SignInErrorCode, ErrorAdvice>> = {
  ERR_WEBSITE_MISMATCH: {
    means: "A sign-in was stopped before a value went to an address that is not one of its item's websites.",
    next: "Correct baseURL or the flow, add the website to the item, or set websites: 'ignore'.",
  },
  ERR_CREDENTIALS_REJECTED: {
    means:
      'The application rejected the credentials. They are not sent again for a day, so that the account is not locked.',
    next: 'Fix the values in the vault: new values are used at once. To send the same values again, run: npx playwright-auth-sessions renew NAME',
  },
  ERR_ACCOUNT_LOCKED: {
    means: 'The application reported that the account is locked. No sign-in to it is tried for an hour.',
    next: 'Find out what sent the wrong password. Unlock the account, or wait. Then run: npx playwright-auth-sessions renew NAME',
  },
  ERR_HUMAN_NEEDED: {
    means:
      'The application or the flow asked for a person, for a captcha or a code. The sign-in is not tried again in this run.',
    next: 'Run npx playwright-auth-sessions create NAME --headed. Or turn this off for test accounts, or sign in by hand with record NAME.',
  },
  ERR_SIGN_IN_FAILED: {
    means: 'The auth flow threw an error.',
    next: 'Look at the steps and the screenshot attached to the test, then fix the flow or the application.',
  },
  ERR_SIGN_IN_TIMEOUT: {
    means: 'The auth flow took longer than its timeoutSeconds.',
    next: 'Look at its last step, attached to the test. --headed shows the browser that signs in.',
  },
  ERR_BASE_URL_MISSING: {
    means: 'The auth flow uses a relative address, and no base URL is set.',
    next: 'Set use.baseURL in the Playwright config, or baseURL of the session.',
  },
  ERR_APPLICATION_UNREACHABLE: {
    means: 'Nothing answers at the address that the auth flow opens.',
    next: 'Start the application, or correct the address. A run starts the webServer of the config, and commands do not.',
  },
  ERR_NOT_SIGNED_IN: {
    means: 'The auth flow, or the recording, ended without being signed in.',
    next: 'Let the flow wait for an element visible only when signed in, or fix its check. Finish the sign-in when you record.',
  },
  ERR_STATE_NOT_PORTABLE: {
    means: 'A stored state does not work in another browser or context than the one that signed in.',
    next: 'Follow the error: it names what differs. Often a check in a page helps: check({ page }). For several kinds of browsers, declare a session for each.',
  },
  ERR_SESSION_DEVICE_BOUND: {
    means:
      'The application binds a session to the browser that signed in (device-bound sessions, DBSC), so its state does not work elsewhere.',
    next: 'Turn device-bound sessions off for test accounts. With connectOptions, start the remote Chromium with --disable-features=DeviceBoundSessions.',
  },
  ERR_SIGN_OUT_FAILED: {
    means: "The flow's destroy threw an error, or its check still passes afterwards.",
    next: 'Fix destroy in the flow. If the application cannot end a session, leave destroy out.',
  },
  ERR_SESSION_EXPIRED: {
    means: 'The session is no longer signed in, and renew is false.',
    next: 'Set renew to true, or remove the stored session.',
  },
  ERR_SESSION_SIGNED_OUT: {
    means: 'The session was signed out while a test used it. It is checked before the next test gets it.',
    next: "If the test signs out, call authSessions.invalidate. If the application replaces its cookie, set writeBack: 'test'.",
  },
  ERR_SESSION_BUSY: {
    means: 'Another run has been using the session for minutes.',
    next: 'Wait for that run, or stop it.',
  },
  ERR_SESSION_IN_USE: {
    means: 'All accounts of a pool, or all uses of a session, were taken for as long as the test waits.',
    next: 'Use fewer workers, add accounts, or raise maxWaitSeconds. Ask for exclusive sessions in one order.',
  },
  ERR_LEASE_LOST: {
    means:
      'The process was suspended, or cut off from its store, for so long that another run may use the session.',
    next: 'Check the connection to the store, and run again.',
  },
  ERR_RECORDING_NEEDED: {
    means: 'A session of type recorder needs a sign-in by hand.',
    next: 'Run: npx playwright-auth-sessions record NAME',
  },
  ERR_BROWSER_MISSING: {
    means: 'No browser was found.',
    next: 'Run npx playwright install, or set AUTH_SESSIONS_BROWSER.',
  },
  ERR_BROWSER_FAILED: {
    means: 'The browser did not start.',
    next: "Read the browser's error in the message.",
  },
  ERR_DISPLAY_MISSING: {
    means: 'A visible browser needs a display.',
    next: 'Run the command on a machine with a display, prefix it with xvfb-run, or set headless: true.',
  },
};
