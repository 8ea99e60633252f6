import { html, type Html } from './html.js';

/** A line that is read out: a problem at once, good news when there is time. */
export function notice(kind: 'problem' | 'done', message: string | undefined): Html | undefined {
  if (message === undefined) return undefined;
  return html`<p class="notice ${kind}" role="${kind === 'problem' ? 'alert' : 'status'}">${message}</p>`;
}
