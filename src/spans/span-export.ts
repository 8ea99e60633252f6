import type { Span } from '@opentelemetry/api';
import { firstLine } from '../core/first-line.js';
import { withPublicUrls } from '../core/public-url.js';
import { within } from '../time/within.js';
import { loadOpenTelemetry, type OpenTelemetry } from './open-telemetry.js';
import type { SpanChange } from './span-change.js';

/** Makes a broker's spans with the provider that the project has registered. Nothing waits for it, and nothing fails by it. */
export interface SpanExport {
  receive(change: SpanChange): void;
  /** Ends the spans of a broker that is gone. `code` says why. */
  endAll(code: 'ERR_BROKER_LOST' | 'ERR_STOPPED'): void;
  /** Lets the provider export what it has, if it can. Resolves after two seconds at most. */
  flush(): Promise<void>;
}

export interface SpanExportOptions {
  /** [the project's `@opentelemetry/api`] */
  readonly load?: (() => Promise<OpenTelemetry | undefined>) | undefined;
  readonly version: string;
  readonly nowMs: () => number;
  /** Called with what is missing: once if the provider throws. */
  readonly onWarning: (text: string) => void;
  readonly patienceMs?: number;
}

export function createSpanExport(options: SpanExportOptions): SpanExport {
  const { load = loadOpenTelemetry, version, nowMs, onWarning, patienceMs = 2000 } = options;
  const open = new Map<number, Span>();
  let hasSpans = false;
  let hasFailed = false;
  let turn: Promise<OpenTelemetry | undefined> = load();

  /** One after the other. A provider may throw at any call. */
  function inTurn(act: (api: OpenTelemetry) => void): void {
    turn = turn.then((api) => {
      if (api) attempt(() => act(api));
      return api;
    });
  }

  function attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!hasFailed) onWarning(`OpenTelemetry spans are incomplete: ${withPublicUrls(firstLine(error))}`);
      hasFailed = true;
    }
  }

  function start(api: OpenTelemetry, { id, name, parent, isCall, ...more }: StartOfSpan): void {
    const { ROOT_CONTEXT, SpanKind, trace } = api;
    const own = typeof parent === 'number' ? open.get(parent) : undefined;
    const ofProject = typeof parent === 'object' ? parent : undefined;
    const around = own
      ? trace.setSpan(ROOT_CONTEXT, own)
      : ofProject
        ? trace.setSpanContext(ROOT_CONTEXT, { ...ofProject, isRemote: true })
        : ROOT_CONTEXT;
    const span = trace.getTracer('playwright-auth-sessions', version).startSpan(
      `auth_sessions.${name}`,
      {
        kind: isCall ? SpanKind.CLIENT : SpanKind.INTERNAL,
        startTime: new Date(more.atMs),
        attributes: { ...more.attributes },
      },
      around,
    );
    hasSpans = true;
    open.set(id, span);
  }

  function end(api: OpenTelemetry, { id, atMs, attributes }: EndOfSpan): void {
    const span = open.get(id);
    open.delete(id);
    span?.setAttributes({ ...attributes });
    if (attributes['error.type'] !== undefined) span?.setStatus({ code: api.SpanStatusCode.ERROR });
    span?.end(new Date(atMs));
  }

  return {
    receive(change) {
      inTurn((api) => {
        if (change.change === 'start') start(api, change);
        else if (change.change === 'end') end(api, change);
        else link(open.get(change.id), open.get(change.to));
      });
    },
    endAll(code) {
      const atMs = nowMs();
      const attributes = { 'auth_sessions.outcome': 'failed', 'error.type': code } as const;
      inTurn((api) => {
        for (const id of open.keys()) attempt(() => end(api, { id, atMs, attributes }));
      });
    },
    async flush() {
      const api = await turn;
      if (!api || !hasSpans) return;
      const flushing = flushProvider(api).then(
        () => '',
        () => 'failed to export them',
      );
      const late = `did not export them within ${patienceMs / 1000} s`;
      const trouble = (await within(patienceMs, flushing)) ?? late;
      if (trouble !== '')
        onWarning(`OpenTelemetry spans may be missing: the provider ${trouble}. Check its exporter.`);
    },
  };
}

type StartOfSpan = Extract<SpanChange, { change: 'start' }>;
type EndOfSpan = Pick<Extract<SpanChange, { change: 'end' }>, 'id' | 'atMs' | 'attributes'>;

/** Spans have links since version 1.9 of the API. */
function link(span: Partial<Span> | undefined, to: Span | undefined): void {
  if (to) span?.addLink?.({ context: to.spanContext() });
}

/** Providers of the SDK have `forceFlush`; the API does not promise it. */
async function flushProvider({ trace }: OpenTelemetry): Promise<void> {
  const registered = trace.getTracerProvider() as Flushable & { getDelegate?: () => Flushable };
  const provider = registered.getDelegate?.() ?? registered;
  await provider.forceFlush?.();
}

interface Flushable {
  forceFlush?: () => Promise<void>;
}
