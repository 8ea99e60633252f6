import type { CodeWaiting } from '../credentials/code-desk.js';
import type { SpanNotes } from './span-notes.js';

/** Notes each wait for an unused time step as a span, and passes it on. */
export function withCodeWaitSpans(spans: SpanNotes, next: CodeWaiting = (_, wait) => wait()): CodeWaiting {
  return (about, wait) =>
    spans.during({ name: 'code_wait', attributes: { 'auth_sessions.session': about.session } }, () =>
      next(about, wait),
    );
}
