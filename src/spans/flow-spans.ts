import type { FlowJob, FlowRunner } from '../core/ports.js';
import { publicUrl } from '../core/public-url.js';
import type { SpanAttributes } from './span-change.js';
import type { SpanNotes } from './span-notes.js';

/** Notes each sign-in and each check as a span. */
export function withFlowSpans(flows: FlowRunner, spans: SpanNotes): FlowRunner {
  return {
    ...flows,
    create: (job) =>
      spans.during(
        { name: 'sign_in', attributes: aboutSession(job) },
        () => flows.create(job),
        () => ({ 'auth_sessions.outcome': job.why === 'renew' ? 'renewed' : 'created' }),
      ),
    check: (job) =>
      spans.during(
        { name: 'check', attributes: aboutSession(job) },
        () => flows.check(job),
        ({ signedIn }) => ({ 'auth_sessions.outcome': signedIn ? 'signed_in' : 'signed_out' }),
      ),
  };
}

function aboutSession({ session, place }: Pick<FlowJob, 'session' | 'place'>): SpanAttributes {
  return {
    'auth_sessions.session': session.name,
    'auth_sessions.base_url': publicUrl(session.baseURL ?? place.baseURL),
  };
}
