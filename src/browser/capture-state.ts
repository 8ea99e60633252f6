import type { BrowserContext, Frame, Page } from '@playwright/test';
import { ownPartitionLast } from '../core/partitioned-cookies.js';
import type { PlaywrightStorageState, SessionStorageOrigin, StorageState } from '../core/storage-state.js';
import { accessOf } from './access-options.js';
import { mergeSessionStorage } from './merge-session-storage.js';
import { orLate } from './or-late.js';
import type { RestoredStorage } from './restore-storage.js';
import { sentHeadersOf } from './send-headers.js';

export interface CaptureOptions {
  readonly patienceMs?: number;
  /** What the context got, to include the sessionStorage of origins that no tab has visited. */
  readonly restored?: RestoredStorage | undefined;
}

/**
 * Everything that makes a context signed in: Playwright's storage state, the sessionStorage of open tabs and their
 * frames, and the headers, HTTP credentials and certificates that the context has from its session. A tab that does not
 * answer within `patienceMs`, 5 s by default, counts as empty and is closed: Playwright would wait for its localStorage
 * forever.
 */
export async function captureState(
  context: BrowserContext,
  { patienceMs = defaultPatienceMs, restored }: CaptureOptions = {},
): Promise<StorageState> {
  const tabs = await Promise.all(context.pages().map((page) => readSessionStorage(page, patienceMs)));
  const unvisited = (await restored?.unvisitedTabs()) ?? [];
  const playwright = withoutEmptyPasskeys(await readState(context));
  const [headers, access] = [sentHeadersOf(context), accessOf(context)];
  return {
    playwright: { ...playwright, cookies: ownPartitionLast(playwright.cookies) },
    sessionStorage: mergeSessionStorage([...unvisited, ...tabs.flat()]),
    ...(headers && { headers }),
    ...(access && { access }),
  };
}

/** A page of an insecure origin has no files, and neither has one in some private windows: Playwright fails there. */
async function readState(context: BrowserContext): Promise<PlaywrightStorageState> {
  const options = { indexedDB: true, credentials: true };
  try {
    return withoutLargeFiles(await context.storageState({ ...options, opfs: true }));
  } catch {
    return context.storageState(options);
  }
}

/** Files of many megabytes are an application's data, and would make every context wait. */
function withoutLargeFiles(state: PlaywrightStorageState): PlaywrightStorageState {
  const isLarge = ({ opfs = [] }: Origin & WithFiles) =>
    opfs.reduce((sum, { base64 = '' }) => sum + base64.length, 0) > mostFileCharacters;
  return { ...state, origins: state.origins.map((one) => (isLarge(one) ? { ...one, opfs: [] } : one)) };
}

type Origin = PlaywrightStorageState['origins'][number];

/** Playwright's types lack the files. */
interface WithFiles {
  readonly opfs?: readonly { readonly base64?: string }[];
}

/** Playwright adds virtual authenticators to a context with passkeys, even for an empty list. */
function withoutEmptyPasskeys({ credentials, ...state }: PlaywrightStorageState): PlaywrightStorageState {
  return credentials && credentials.length > 0 ? { ...state, credentials } : state;
}

/** Reads a tab's frames, the main one last. Frames of the same origin share one storage. */
async function readSessionStorage(page: Page, patienceMs: number): Promise<SessionStorageOrigin[]> {
  const main = page.mainFrame();
  const frames = [...page.frames().filter((frame) => frame !== main), main];
  const origins = await Promise.all(
    frames.map(async (frame) => {
      const read = await readFrame(frame, patienceMs);
      if (read === 'late' && frame === main) await orLate(patienceMs, page.close()).catch(() => undefined);
      return read;
    }),
  );
  return origins.filter(
    (read) => typeof read === 'object' && read.items.length > 0,
  ) as SessionStorageOrigin[];
}

/** `undefined` for a frame without storage, such as a sandboxed or a closed one. */
async function readFrame(
  frame: Frame,
  patienceMs: number,
): Promise<SessionStorageOrigin | 'late' | undefined> {
  return orLate(patienceMs, frame.evaluate(readItems)).catch(() => undefined);
}

/** Runs in the page. */
function readItems(): SessionStorageOrigin {
  return {
    origin: self.origin,
    items: Object.entries(sessionStorage).map(([name, value]) => ({ name, value: String(value) })),
  };
}

const defaultPatienceMs = 5000;
const mostFileCharacters = 8 * 1024 * 1024;
