import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createFlowBrowsers } from '../browser/flow-browser.js';
import type { SessionPlace } from '../core/ports.js';
import { noticeOf } from '../core/session-notice.js';
import { openCredentials } from '../credentials/open-credentials.js';
import { openEnvironment } from '../credentials/open-environment.js';
import { loadAuthSessions, type LoadedAuthSessions } from '../declaration/load-auth-sessions.js';
import { createFlowRunner } from '../flow/flow-runner.js';
import { createRedactor } from '../redaction/redactor.js';
import { openSessions } from '../session/open-sessions.js';
import { sessionsWithoutState } from '../session/sessions-without-state.js';
import { withCodeWaitSpans } from '../spans/code-wait-spans.js';
import { withFlowSpans } from '../spans/flow-spans.js';
import { createSpanNotes, unnotedSpans } from '../spans/span-notes.js';
import { withVaultSpans } from '../spans/vault-spans.js';
import { systemClock } from '../time/system-clock.js';
import type { BrokerServiceOptions } from './broker-options.js';
import { choosePlan } from './choose-plan.js';
import { createFreeCredentials } from './free-credentials.js';
import { openSuiteStore } from './open-suite-store.js';
import { openUses } from './open-uses.js';
import { createNotices } from './send-notices.js';
import { createEventSharing } from './share-events.js';
import { stampSources } from './stamp-sources.js';
import { traceFailures } from './trace-failures.js';

/** What a broker answers with. */
export type BrokerParts = Awaited<ReturnType<typeof openParts>>;

/**
 * Opens a broker's parts in the order of the way: sessions, environment, store, credentials, flows; then what acquires
 * with them, and who uses what.
 */
export async function openParts(options: BrokerServiceOptions) {
  const { redactor = createRedactor(), suiteFolder } = options;
  const clock = systemClock;
  const spans = options.onSpan
    ? createSpanNotes({
        tell: options.onSpan,
        redact: (text) => redactor.redact(text),
        nowMs: () => clock.nowMs(),
      })
    : unnotedSpans;
  const onCodeWait = withCodeWaitSpans(spans, options.onCodeWait);
  const stop = new AbortController();
  const { signal } = stop;
  const startedAtMs = clock.nowMs();
  const loaded = triedOnce(await loadAuthSessions(options.sessionsFile, process.env, options), options);
  const { options: suite, sessions } = loaded;
  const sources = stampSources(loaded, { folder: suiteFolder, sinceMs: startedAtMs });
  const environment = openEnvironment({ ...options, suite, sessions, redactor });
  const { decision, credential, warnings } = environment;
  const warn = (text: string) => {
    if (!warnings.includes(text)) warnings.push(text);
  };
  const opened = await openSuiteStore(loaded, {
    ...options,
    vaultCredential: credential,
    clock,
    onWarning: warn,
  });
  const { store, fingerprint } = opened;
  const lastPlace: { is: SessionPlace } = { is: { baseURL: undefined, project: undefined } };
  const credentials = openCredentials({
    suite,
    sessions,
    environment,
    folder: suiteFolder,
    accessFile: options.accessFile,
    redactor,
    clock,
    random: Math.random,
    store,
    fingerprint,
    alsoNeeded: (asked) => sessionsWithoutState(asked, { sessions, store, place: lastPlace.is }),
    onCodeWait,
    watchVault: (vault, connection) => withVaultSpans(vault, connection, spans),
    signal,
  });
  const free = createFreeCredentials(loaded, {
    isLocal: decision.environment === 'local',
    folder: suiteFolder,
    redactor,
  });
  const browsers = createFlowBrowsers();
  const flows = createFlowRunner({
    browsers,
    planFor: (name) => choosePlan(name, options),
    redactor,
    clock,
    debugging: (options.debugging ?? false) || options.debug !== undefined,
    askPerson: options.askPerson,
    trace:
      options.trace ??
      traceFailures({
        signInTrace: suite.signInTrace,
        folders: options.artifactFolders ?? [],
        redactor,
        newId: () => randomUUID().slice(0, 8),
        onWarning: warn,
      }),
    debug: options.debug,
  });
  const notices = createNotices({
    onEvent: suite.onEvent,
    redact: (text) => redactor.redact(text),
    onWarning: warn,
  });
  const shared = createEventSharing(opened.events, hostname());
  const acquiring = openSessions({
    ...options,
    suite,
    sessions,
    store: opened,
    credentials,
    flows: withFlowSpans(flows, spans),
    spans,
    redactor,
    clock,
    signal,
    onCodeWait,
    onWarning: warn,
    onEvent(event) {
      options.onEvent?.(event);
      shared.share(event);
      notices.send(noticeOf(event));
    },
  });
  const { desk: useDesk, ofAccounts } = openUses({
    ...options,
    onWait: ({ session, sinceMs }) =>
      notices.send({
        ...{ type: 'waiting', session, startedAtMs: sinceMs },
        ...{ durationMs: clock.nowMs() - sinceMs, signIns: 0, waiters: 1 },
      }),
    sessions,
    uses: opened.uses,
    clock,
    signal,
  });
  return {
    ...{ clock, startedAtMs, stop, loaded, sources, warnings, warn, redactor, environment },
    ...{ opened, credentials, free, browsers, spans, notices },
    ...{ shared, acquiring, useDesk, ofAccounts },
    onPlace: (place: SessionPlace) => void (lastPlace.is = place),
  };
}

/** A person who steps through a sign-in sees one attempt. */
function triedOnce(
  loaded: LoadedAuthSessions,
  { debug }: Pick<BrokerServiceOptions, 'debug'>,
): LoadedAuthSessions {
  if (!debug) return loaded;
  const once = [...loaded.sessions].map(
    ([name, session]) => [name, { ...session, createAttempts: 1 }] as const,
  );
  return { ...loaded, sessions: new Map(once) };
}
