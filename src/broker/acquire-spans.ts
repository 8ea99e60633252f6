import { publicUrl } from '../core/public-url.js';
import type { SpanAttributes } from '../spans/span-change.js';
import type { SpanNotes } from '../spans/span-notes.js';
import type { AcquiredSession } from '../wire/messages.js';
import type { TestHandlers } from './handlers-by-path.js';

/** Notes each request for a session as a span. */
export function withAcquireSpans(handlers: TestHandlers, spans: SpanNotes): TestHandlers {
  return {
    ...handlers,
    '/acquire': (message, caller) =>
      spans.during(
        {
          name: 'acquire',
          attributes: {
            'auth_sessions.session': message.session,
            'auth_sessions.base_url': publicUrl(message.place.baseURL),
          },
        },
        () => handlers['/acquire'](message, caller),
        describeAnswer,
      ),
  };
}

/** The session of a pool's account, and where it is used. */
function describeAnswer(answer: AcquiredSession): SpanAttributes {
  if ('skip' in answer) return { 'auth_sessions.outcome': 'skipped' };
  return {
    'auth_sessions.session': answer.session,
    'auth_sessions.base_url': publicUrl(answer.baseURL),
    'auth_sessions.outcome': answer.outcome,
  };
}
