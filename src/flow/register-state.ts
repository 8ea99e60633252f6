import type { BrowserContext } from '@playwright/test';
import { captureState } from '../browser/capture-state.js';
import type { StorageState } from '../core/storage-state.js';
import type { Redactor } from '../redaction/redactor.js';
import { secretsOfState } from '../redaction/state-secrets.js';
import { within } from '../time/within.js';

/** Registers the secrets of a state, so that errors and notes that quote it are redacted. */
export function registerState(state: StorageState, session: string, redactor: Redactor): void {
  for (const secret of secretsOfState(state, session)) redactor.add(secret);
}

/** Registers the current secrets of a context, without waiting for a hanging page. */
export async function registerStateOf(
  context: BrowserContext,
  session: string,
  redactor: Redactor,
): Promise<void> {
  const cookies = await within(patienceMs, context.cookies());
  if (cookies) registerState({ playwright: { cookies, origins: [] }, sessionStorage: [] }, session, redactor);
  const state = await within(patienceMs, captureState(context, { patienceMs: patienceMs / 2 }));
  if (state) registerState(state, session, redactor);
}

const patienceMs = 5000;
