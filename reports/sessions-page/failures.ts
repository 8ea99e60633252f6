import type { RunSummary } from '../../src/core/session-event.js';
import { adviceFor } from '../../src/core/error-advice.js';
import { formatCount } from './format.js';
import { html, name, type Html } from './html.js';
import type { SessionView } from './run-view.js';

/** Each failure with its meaning and advice; nothing if there are none. */
export function formatFailures(sessions: readonly SessionView[]): Html | undefined {
  const failed = sessions.flatMap((session) => codesOf(session).map((code) => formatFailure(session, code)));
  if (failed.length === 0) return undefined;
  return html`<section aria-labelledby="failures">
    <h2 id="failures">What failed, and what to do</h2>
    <ul class="cards">
      ${failed}
    </ul>
  </section>`;
}

function codesOf({ events, summary }: SessionView): string[] {
  const codes = events.filter(({ outcome }) => outcome === 'failed').map(({ errorCode }) => errorCode ?? '');
  return codes.length === 0 && summary.outcome === 'failed' ? [summary.errorCode ?? ''] : [...new Set(codes)];
}

function formatFailure({ label, uses }: SessionView, code: string): Html {
  const { means, next } = adviceFor(code);
  const tests = uses.filter(({ outcome }) => outcome === 'failed').length;
  return html`<li class="card failure">
    <h3>${name(label)} ${code !== '' && html`<code>${code}</code>`}</h3>
    <p>${means}</p>
    <p><strong>What to do:</strong> ${next}</p>
    ${tests > 0 && html`<p class="aside">${formatCount(tests, 'test')} did not get it.</p>`}
  </li>`;
}

/** Problems that did not fail the run: unusable entries, checks that threw, a credential with too much access. */
export function formatNotes(run: RunSummary, sessions: readonly SessionView[]): Html | undefined {
  const warnings = (run.warnings ?? []).map(
    (text) => html`<li><span class="outcome warning">warning</span>: ${name(text)}</li>`,
  );
  const notes = sessions.flatMap(({ label, summary }) =>
    summary.notes.map((note) => html`<li><strong>${name(label)}</strong>: ${name(note)}</li>`),
  );
  if (warnings.length + notes.length === 0) return undefined;
  return html`<section aria-labelledby="notes">
    <h2 id="notes">Notes</h2>
    <ul class="notes">
      ${warnings} ${notes}
    </ul>
  </section>`;
}
