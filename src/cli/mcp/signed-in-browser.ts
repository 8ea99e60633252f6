import type { BrowserContext } from '@playwright/test';
import type { BrowserPlan } from '../../browser/browser-plan.js';
import type { FlowBrowsers } from '../../browser/flow-browser.js';
import { withContext } from '../../flow/flow-context.js';
import type { AcquiredEntry } from '../engine/acquire-one.js';

/** A signed-in browser context, opened on first use, and opened again after it was closed. */
export interface SignedInBrowser {
  /** @throws AuthSessionsError as a sign-in */
  context(): Promise<BrowserContext>;
  /** The open context. */
  readonly current: BrowserContext | undefined;
  /** Whether the flow's `signedOut` has returned true. */
  readonly looksDead: boolean;
  /**
   * Checks the session, and signs in again if it is signed out, which closes the context. Returns whether it did.
   * @throws AuthSessionsError as a sign-in
   */
  renew(): Promise<boolean>;
  close(): Promise<void>;
}

export interface SignedInBrowserOptions {
  readonly acquire: () => Promise<AcquiredEntry>;
  /** Marks the session as doubtful, so that its next use checks it. */
  readonly suspect: (session: AcquiredEntry['session']) => Promise<unknown>;
  readonly browsers: FlowBrowsers;
  readonly planFor: (entry: AcquiredEntry['entry']) => BrowserPlan;
  /** Runs before the first page opens. */
  readonly prepare: (context: BrowserContext) => Promise<void>;
  readonly signal: AbortSignal;
}

export function createSignedInBrowser(options: SignedInBrowserOptions): SignedInBrowser {
  let acquired: AcquiredEntry | undefined;
  let current: BrowserContext | undefined;
  let looksDead = false;

  async function close(): Promise<void> {
    const open = current;
    current = undefined;
    await open?.close();
  }

  return {
    get current() {
      return current;
    },
    get looksDead() {
      return looksDead;
    },
    async context() {
      acquired = await options.acquire();
      const opened = await openContext(acquired, options);
      opened.on('close', () => {
        if (current === opened) current = undefined;
      });
      watch(opened, acquired, () => (looksDead = true));
      return (current = opened);
    },
    async renew() {
      if (!acquired) return false;
      const before = acquired.session;
      await options.suspect(before);
      acquired = await options.acquire();
      looksDead = false;
      if (acquired.session.id === before.id) return false;
      await close();
      return true;
    },
    close,
  };
}

/** Kept open until it is closed. The state is passed in memory, and downloads are not kept. */
async function openContext(
  { entry, session }: AcquiredEntry,
  { browsers, planFor, prepare, signal }: SignedInBrowserOptions,
): Promise<BrowserContext> {
  const plan = planFor(entry);
  const withoutDownloads = { ...plan, contextOptions: { ...plan.contextOptions, acceptDownloads: false } };
  const job = { session: entry.session, place: entry.place, from: session.state, signal };
  return new Promise((resolve, reject) => {
    withContext(job, { browsers, planFor: () => withoutDownloads }, async (context) => {
      await prepare(context);
      const closed = new Promise<void>((closedNow) => context.on('close', () => closedNow()));
      resolve(context);
      await closed;
    }).catch(reject);
  });
}

/** A predicate that throws is an error of the flow, and counts as no result. */
function watch(context: BrowserContext, { entry }: AcquiredEntry, onDead: () => void): void {
  const { signedOut } = entry.session.flow ?? {};
  if (!signedOut) return;
  context.on('response', (response) => {
    try {
      const isNavigation = response.request().isNavigationRequest();
      if (signedOut({ url: response.url(), status: response.status(), isNavigation })) onDead();
    } catch {
      // No result.
    }
  });
}
