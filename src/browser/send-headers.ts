import type { APIRequestContext, BrowserContext } from '@playwright/test';
import { AuthSessionsError } from '../core/errors.js';
import type { SentHeaders } from '../core/sent-headers.js';
import { interceptPages } from './intercept-pages.js';
import { interceptRequests } from './intercept-requests.js';

/**
 * Sends a session's headers from a browser context and its `request`, or from a request context, to the session's
 * origins only. Call it before anything is sent. Later headers replace earlier ones.
 *
 * @throws AuthSessionsError `ERR_HEADERS_UNSUPPORTED`
 */
export async function sendHeaders(
  target: BrowserContext | APIRequestContext,
  headers: SentHeaders | undefined,
): Promise<void> {
  const before = sent.get(target);
  if (before) before.headers = headers;
  if (before || !headers) return;
  const current: Current = { headers };
  const read = () => current.headers;
  if (isBrowserContext(target)) {
    const browserName = target.browser()?.browserType().name();
    if (!interceptRequests(target.request, read) || !(await interceptPages(target, read)))
      throw unsupported(browserName);
  } else if (!interceptRequests(target, read)) throw unsupported(undefined);
  sent.set(target, current);
}

/** The session's headers that a context sends. */
export function sentHeadersOf(context: BrowserContext): SentHeaders | undefined {
  return sent.get(context)?.headers;
}

interface Current {
  headers: SentHeaders | undefined;
}

const sent = new WeakMap<BrowserContext | APIRequestContext, Current>();

function isBrowserContext(target: BrowserContext | APIRequestContext): target is BrowserContext {
  return 'newPage' in target;
}

function unsupported(browserName: string | undefined): AuthSessionsError {
  const isOther = browserName !== undefined && browserName !== 'chromium';
  return new AuthSessionsError('ERR_HEADERS_UNSUPPORTED', {
    failed: "A session's headers cannot be limited to its origins here, so none are sent.",
    known: isOther
      ? `The browser is ${browserName}; pages send them in Chromium only.`
      : 'Playwright runs in another process, or this version of it is not known.',
    next: isOther
      ? 'Use request in these tests, or a project with Chromium.'
      : 'Remove connectOptions, or install the newest Playwright and playwright-auth-sessions.',
  });
}
