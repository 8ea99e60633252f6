import { adviceFor } from '../../src/core/error-advice.js';
import type { Explanation } from '../../src/core/errors.js';
import type { RunSummary, SessionUse } from '../../src/core/session-event.js';
import { formatCount } from './format.js';
import { html, name, type Html } from './html.js';
import type { SessionView } from './run-view.js';

/** Each failure with its meaning and advice; nothing if there are none. */
export function formatFailures(sessions: readonly SessionView[]): Html | undefined {
  const failed = sessions.flatMap((session) =>
    failuresOf(session).map((failure) => formatFailure(session, failure)),
  );
  if (failed.length === 0) return undefined;
  return html`<section aria-labelledby="failures">
    <h2 id="failures">What failed, and what to do</h2>
    <ul class="cards">
      ${failed}
    </ul>
  </section>`;
}

interface Failure {
  readonly code: string;
  /** The parts of the error; unknown for a summary of an earlier version. */
  readonly parts: Explanation | undefined;
}

/** What failed, each once. Several attempts may have failed for several reasons. */
function failuresOf({ events, summary }: SessionView): readonly Failure[] {
  const all = events
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ errorCode = '', failure }) => ({ code: errorCode, parts: failure }));
  if (all.length === 0 && summary.outcome === 'failed')
    return [{ code: summary.errorCode ?? '', parts: undefined }];
  const different = new Map(all.map((one) => [JSON.stringify(one), one]));
  return [...different.values()].slice(0, maxFailures);
}

function formatFailure({ label, uses }: SessionView, { code, parts }: Failure): Html {
  const advice = adviceFor(code);
  const { failed, known, next } = parts ?? { failed: advice.means, known: undefined, next: advice.next };
  const isOwn = (use: SessionUse) => use.outcome === 'failed' && (use.errorCode ?? '') === code;
  const tests = uses.filter(isOwn).length;
  return html`<li class="card failure">
    <h3>${name(label)} ${code !== '' && html`<code>${code}</code>`}</h3>
    <p class="said">${name(failed.trim())}</p>
    ${known !== undefined && known.trim() !== '' && html`<p class="said">${name(known.trim())}</p>`}
    <p class="said"><strong>What to do:</strong> ${name(next.trim())}</p>
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

/** The most failures of one session that the page shows. auth-sessions.json has all of them. */
const maxFailures = 5;
