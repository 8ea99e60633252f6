import type { BrowserContext, Page } from '@playwright/test';
import { knowState } from '../../broker/flow-evidence.js';
import { within } from '../../broker/within.js';
import type { Redactor } from '../../core/redactor.js';
import type { StorageState } from '../../core/storage-state.js';

/**
 * Has the redactor know what the context is signed in by at this moment: applications replace cookies and tokens as
 * they go. A page that does not answer, as one with a dialog, is asked for its cookies alone.
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

/** Whether something known can be read on the page, so that a picture of it would show it. `true` when it cannot be told. */
export async function showsSecret(page: Page, redactor: Redactor): Promise<boolean> {
  const texts = await Promise.all(
    page.frames().map((frame) => within(patienceMs, frame.evaluate(readVisible))),
  );
  return texts.some((text) => text === undefined || redactor.redact(text) !== text);
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

/** Runs in the page: its texts, what is in its fields, and both without the spaces between them. */
function readVisible(): string {
  const fields = [...document.querySelectorAll('input, textarea')].map((field) =>
    'value' in field ? String(field.value) : '',
  );
  const text = [document.documentElement.innerText, ...fields].join('\n');
  return `${text}\n${text.replaceAll(/\s/g, '')}`;
}

const patienceMs = 1500;
