import type { BrowserContextOptions } from '@playwright/test';
import type { BrowserPlan } from '../browser/browser-plan.js';

/** Why a state may not work elsewhere, and what to do. */
export interface StayingReason {
  /** The code of the error if it is the surest reason. [ERR_STATE_NOT_PORTABLE] */
  readonly code?: 'ERR_SESSION_DEVICE_BOUND';
  readonly known: string;
  readonly next: string;
}

export interface StayingFacts {
  /** Whether the check sends requests alone. */
  readonly byRequest: boolean;
  /** Where IndexedDB has keys that cannot be read, such as `accounts/keys of https://app.example`. */
  readonly keys: readonly string[];
  /** Whether the application asked the browser for a device-bound session. */
  readonly isDeviceBound: boolean;
  readonly plan: Pick<BrowserPlan, 'launchOptions' | 'connectOptions'>;
  /** Options of the context that signed in. */
  readonly contextOptions: BrowserContextOptions;
}

/** What a fresh context has not, or has in another way than the one that signed in: the surest first. */
export function stayingReasons(facts: StayingFacts): readonly StayingReason[] {
  const { byRequest, keys, isDeviceBound, plan, contextOptions } = facts;
  return [
    ...(keys.length > 0 ? [keysReason(keys)] : []),
    ...(isDeviceBound ? [deviceReason(plan)] : []),
    ...(byRequest && contextOptions.userAgent === undefined ? [userAgentReason] : []),
    ...(byRequest && plan.launchOptions.proxy && !contextOptions.proxy ? [proxyReason] : []),
    ...(byRequest && plan.connectOptions ? [addressReason] : []),
  ];
}

function keysReason(keys: readonly string[]): StayingReason {
  return {
    known: `IndexedDB has keys that cannot leave the browser (CryptoKey): ${keys.join(', ')}.`,
    next: 'Let the application use tokens without such keys for test accounts.',
  };
}

function deviceReason({ connectOptions }: StayingFacts['plan']): StayingReason {
  const switchOff = 'Or start the remote Chromium with --disable-features=DeviceBoundSessions.';
  return {
    code: 'ERR_SESSION_DEVICE_BOUND',
    known: 'The application asked for a device-bound session (Secure-Session-Registration).',
    next: `Turn device-bound sessions off for test accounts.${connectOptions ? ` ${switchOff}` : ''}`,
  };
}

const userAgentReason: StayingReason = {
  known: "The sign-in sent the browser's user agent, and the check Playwright's.",
  next: 'Set contextOptions.userAgent for the session, or check in a page: check({ page }).',
};

const proxyReason: StayingReason = {
  known: 'The browser uses the proxy of launchOptions, and the check does not.',
  next: 'Set proxy for the session, or check in a page: check({ page }).',
};

const addressReason: StayingReason = {
  known: 'The browser runs elsewhere (connectOptions), and the check was sent from here.',
  next: 'Check in a page: check({ page }).',
};
