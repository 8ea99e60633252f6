import path from 'node:path';
import { sessionDefaults } from '../core/session-defaults.js';
import type { LeakOptions, SuiteOptions } from '../core/suite-options.js';
import { limitedNames, poolsOf } from '../core/pool-account.js';
import { referenceIdentity } from '../core/secret-reference.js';
import { isNear, tokenExpiries } from '../core/token-expiry.js';
import type { OpenedEnvironment } from '../credentials/open-environment.js';
import { referencesOf } from '../credentials/open-credentials.js';
import type { LoadedAuthSessions } from '../declaration/load-auth-sessions.js';
import type { OpenedStore } from '../store/open-store.js';
import type { BrokerGreeting } from '../wire/runner-messages.js';

/** What the runner prints, and what its leak check needs. */
export function greetingOf(
  { options: suite, sessions }: Omit<LoadedAuthSessions, 'files'>,
  { environment, store, sources, nowMs }: GreetingFacts,
): BrokerGreeting {
  const { decision, auths } = environment;
  const withToken = [...auths].flatMap(([name, auth]) => (auth?.kind === 'service-account' ? [name] : []));
  return {
    decision,
    sessions: sessions.size,
    references: new Set([...sessions.values()].flatMap(referencesOf).map(referenceIdentity)).size,
    store: store.store.description,
    localFiles: suite.local?.files ?? sessionDefaults.localFiles,
    pools: poolsOf(sessions.values()),
    ofThisMachine: store.isShared ? [] : limitedNames(sessions.values()),
    endingTokens: tokenExpiries(suite, withToken, nowMs).filter(isNear),
    leaks: leakOptionsOf(suite),
    sources,
    usesJobIdentity: suite.onePassword?.auth?.workloadIdentity !== undefined,
  };
}

export interface GreetingFacts extends Pick<BrokerGreeting, 'sources'> {
  readonly environment: Pick<OpenedEnvironment, 'decision' | 'auths'>;
  readonly store: OpenedStore;
  readonly nowMs: number;
}

/** The quarantine is next to the store, which Git ignores and CI does not upload. */
function leakOptionsOf({ leaks, store }: SuiteOptions): LeakOptions {
  return {
    onLeak: leaks?.onLeak ?? sessionDefaults.onLeak,
    folders: leaks?.folders ?? [],
    maxSeconds: leaks?.maxSeconds ?? sessionDefaults.maxSeconds,
    quarantineFolder: path.join(store?.folder ?? sessionDefaults.storeFolder, 'quarantine'),
  };
}
