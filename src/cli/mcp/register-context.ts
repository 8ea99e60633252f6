import type { BrowserContext, Page } from '@playwright/test';
import { registerState } from '../../flow/register-state.js';
import { within } from '../../time/within.js';
import { withoutUnseen } from '../../redaction/unseen-signs.js';
import type { Redactor } from '../../redaction/redactor.js';
import type { StorageState } from '../../core/storage-state.js';
import { readPage } from './page-texts.js';

/**
 * Has the redactor know what the context is signed in by at this moment: applications replace cookies and tokens as
 * they go. A page that does not answer, as one with a dialog, is asked for its cookies alone.
 */
export async function registerContext(
  context: BrowserContext,
  session: string,
  redactor: Redactor,
): Promise<void> {
  const cookies = (await within(patienceMs, context.cookies())) ?? [];
  const frames = context.pages().flatMap((page) => page.frames());
  const stored = await Promise.all(
    frames.map(async (frame) => within(patienceMs, frame.evaluate(readStorage))),
  );
  const found = stored.filter((one) => one !== undefined);
  const state: StorageState = {
    playwright: { cookies, origins: found.map(({ origin, local }) => ({ origin, localStorage: local })) },
    sessionStorage: found.map(({ origin, tab }) => ({ origin, items: tab })),
  };
  registerState(state, session, redactor);
}

/** Whether something known can be read on the page, so that a picture of it would show it. `true` when it cannot be told. */
export async function showsSecret(page: Page, redactor: Redactor): Promise<boolean> {
  const texts = await readPage(page);
  return !texts || isKnownIn(texts.shown, redactor);
}

/** Whether something known stands where it can be edited, so that a part of it would be left. */
export async function holdsSecret(page: Page, redactor: Redactor): Promise<boolean> {
  const texts = await readPage(page);
  return !texts || isKnownIn(texts.editable, redactor);
}

/** Also without the spaces between, and what has no width: letters may stand apart. */
function isKnownIn(texts: readonly string[], redactor: Redactor): boolean {
  const text = withoutUnseen(texts.join('\n'));
  return [text, text.replaceAll(/\s/g, '')].some((one) => redactor.redact(one) !== one);
}

interface Stored {
  readonly origin: string;
  readonly local: { name: string; value: string }[];
  readonly tab: { name: string; value: string }[];
}

/** Runs in the page. */
function readStorage(): Stored {
  const items = (storage: Storage) =>
    Object.entries(storage).map(([name, value]) => ({ name, value: String(value) }));
  return { origin: location.origin, local: items(localStorage), tab: items(sessionStorage) };
}

const patienceMs = 1500;
