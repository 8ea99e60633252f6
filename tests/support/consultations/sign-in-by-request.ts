import type { APIRequestContext, APIResponse } from '@playwright/test';
import type { Account } from './account.js';
import { codeAt } from './one-time-code.js';

/** Both steps without a browser, as a browser would take them. The context is signed in afterwards. */
export async function signInByRequest(
  request: APIRequestContext,
  account: Account,
  { nowMs, next = '/' }: { readonly nowMs: number; readonly next?: string },
): Promise<APIResponse> {
  await sendPassword(request, account, next);
  return sendForm(request, '/sign-in/code', { code: codeAt(nowMs, account.totp) });
}

export function sendPassword(
  request: APIRequestContext,
  { email, password }: Pick<Account, 'email' | 'password'>,
  next = '/',
): Promise<APIResponse> {
  return sendForm(request, '/sign-in', { email, password, next });
}

/** Sends a form with the CSRF token of its page. */
export async function sendForm(
  request: APIRequestContext,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<APIResponse> {
  const page = await (await request.get(path)).text();
  const token = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  return request.post(path, { form: { ...fields, _csrf: token } });
}
