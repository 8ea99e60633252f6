import type { BrowserContext, Page } from '@playwright/test';
import { knowState } from '../../flow/flow-evidence.js';
import { within } from '../../time/within.js';
import { withoutUnseen } from '../../redaction/unseen-signs.js';
import type { Redactor } from '../../redaction/redactor.js';
import type { StorageState } from '../../core/storage-state.js';
import { readPage } from './page-texts.js';

/**
 * Registers the context's current cookies and storage with the redactor: applications replace them at any time. For a
 * page that does not answer, for example because of a dialog, registers only cookies.
 */
export async function knowContext(
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
  knowState(state, session, redactor);
}

/** Whether the page shows a known value, and so would a screenshot. `true` if unknown. */
export async function showsSecret(page: Page, redactor: Redactor): Promise<boolean> {
  const texts = await readPage(page);
  return !texts || isKnownIn(texts.shown, redactor);
}

/** Whether a known value is in an editable place, where a part of it could be left. */
export async function holdsSecret(page: Page, redactor: Redactor): Promise<boolean> {
  const texts = await readPage(page);
  return !texts || isKnownIn(texts.editable, redactor);
}

/** Also searches without spaces and zero-width characters: letters may be apart. */
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
