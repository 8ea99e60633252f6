import { AsyncLocalStorage } from 'node:async_hooks';
import { AuthSessionsError, finalAnswerOf } from '../core/errors.js';
import { failureType } from '../core/session-notice.js';
import type { SpanAttributes, SpanChange, SpanName } from './span-change.js';
import { readTraceParent, type TraceParent } from './trace-parent.js';

/** Notes what a broker does as spans. The process that gets them has the project's provider. */
export interface SpanNotes {
  /** Runs `work` as a span within the one around it. `describe` says of its result what the span's end says. */
  during<Result>(
    span: NewSpan,
    work: () => Promise<Result>,
    describe?: (result: Result) => SpanAttributes,
  ): Promise<Result>;
  /** Runs `work` within a span of the project, by the header of a request. */
  readonly under: <Result>(header: unknown, work: () => Promise<Result>) => Promise<Result>;
  /** The span around the caller. */
  current(): number | undefined;
  /** Says that the span around the caller waits for the work of another one. */
  linkTo(span: number | undefined): void;
}

export interface NewSpan {
  readonly name: SpanName;
  /** Whether it waits for another process or machine. [false] */
  readonly isCall?: boolean;
  readonly attributes: SpanAttributes;
}

export interface SpanNotesOptions {
  readonly tell: (change: SpanChange) => void;
  readonly redact: (text: string) => string;
  readonly nowMs: () => number;
}

export function createSpanNotes({ tell, redact, nowMs }: SpanNotesOptions): SpanNotes {
  const around = new AsyncLocalStorage<number | TraceParent | undefined>();
  let count = 0;

  /** Names come from the sessions file, or from a test that misspelt one. */
  function redacted(attributes: SpanAttributes): SpanAttributes {
    return Object.fromEntries(
      Object.entries(attributes).flatMap(([name, value]: [string, string | number | undefined]) =>
        value === undefined ? [] : [[name, typeof value === 'string' ? redact(value) : value]],
      ),
    );
  }

  function current(): number | undefined {
    const span = around.getStore();
    return typeof span === 'number' ? span : undefined;
  }

  return {
    async during({ name, isCall = false, attributes }, work, describe = () => ({})) {
      const id = (count += 1);
      const parent = around.getStore();
      const end = (last: SpanAttributes) =>
        tell({ change: 'end', id, atMs: nowMs(), attributes: redacted(last) });
      tell({ change: 'start', id, name, parent, isCall, atMs: nowMs(), attributes: redacted(attributes) });
      try {
        const result = await around.run(id, work);
        end(describe(result));
        return result;
      } catch (error) {
        end(describeError(error));
        throw error;
      }
    },
    under: (header, work) => around.run(readTraceParent(header), work),
    current,
    linkTo(to) {
      const id = current();
      if (id !== undefined && to !== undefined && to !== id) tell({ change: 'link', id, to });
    },
  };
}

/** For a process whose spans nobody gets. */
export const unnotedSpans: SpanNotes = {
  during: (_, work) => work(),
  under: (_, work) => work(),
  current: () => undefined,
  linkTo: () => undefined,
};

function describeError(error: unknown): SpanAttributes {
  const code = error instanceof AuthSessionsError ? error.code : finalAnswerOf(error);
  return { 'auth_sessions.outcome': failureType(code), 'error.type': code ?? 'ERR_UNEXPECTED' };
}
