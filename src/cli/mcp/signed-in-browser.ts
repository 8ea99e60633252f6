import type { BrowserContext } from '@playwright/test';
import type { BrowserPlan } from '../../browser/browser-plan.js';
import type { FlowBrowsers } from '../../browser/flow-browser.js';
import { withContext } from '../../flow/flow-context.js';
import type { AcquiredEntry } from '../engine/acquire-one.js';

/** One browser context that is signed in, opened when it is first needed, and anew after it was closed. */
export interface SignedInBrowser {
  /** @throws AuthSessionsError what a sign-in throws */
  context(): Promise<BrowserContext>;
  /** The one that is open. */
  readonly current: BrowserContext | undefined;
  /** Whether what the flow's `signedOut` has seen tells of a dead session. */
  readonly looksDead: boolean;
  /**
   * Has the session checked, and signed in again if it is dead: then the context is closed. Whether it was.
   * @throws AuthSessionsError what a sign-in throws
   */
  renew(): Promise<boolean>;
  close(): Promise<void>;
}

export interface SignedInBrowserOptions {
  readonly acquire: () => Promise<AcquiredEntry>;
  /** Says that the session may be dead: the next to acquire it has it checked. */
  readonly suspect: (session: AcquiredEntry['session']) => Promise<unknown>;
  readonly browsers: FlowBrowsers;
  readonly planFor: (entry: AcquiredEntry['entry']) => BrowserPlan;
  /** Before the first page is opened. */
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

/** Lent until it is closed. The state goes from memory to memory; nothing that is downloaded is kept. */
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

/** A predicate that throws is a mistake in the flow: it tells nothing. */
function watch(context: BrowserContext, { entry }: AcquiredEntry, onDead: () => void): void {
  const { signedOut } = entry.session.flow ?? {};
  if (!signedOut) return;
  context.on('response', (response) => {
    try {
      const isNavigation = response.request().isNavigationRequest();
      if (signedOut({ url: response.url(), status: response.status(), isNavigation })) onDead();
    } catch {
      // Nothing is known.
    }
  });
}
