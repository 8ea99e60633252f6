import type { Consultation } from '../consultation.js';
import { formatDay } from '../format-day.js';
import { html, type Html } from './html.js';

export interface ConsultationListOptions {
  /** Shown where the list would be empty. */
  readonly empty: Html;
  /** Where given, what is still to come can be cancelled. */
  readonly csrfToken?: string;
}

export function consultationList(
  consultations: readonly Consultation[],
  { empty, csrfToken }: ConsultationListOptions,
): Html {
  if (consultations.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<ul class="consultations">
    ${consultations.map((consultation) => row(consultation, csrfToken))}
  </ul>`;
}

function row({ id, topic, adviser, startsAt, status }: Consultation, csrfToken: string | undefined): Html {
  const { weekday, day, month, time } = formatDay(startsAt);
  return html`<li class="${status}">
    <time datetime="${startsAt}Z"><b>${day}</b> ${month}</time>
    <div>
      <h3>${topic}</h3>
      <p>${weekday} ${time} · ${adviser}</p>
    </div>
    ${status === 'cancelled' && html`<span class="tag">Cancelled</span>`}
    ${
      csrfToken !== undefined &&
      html`<form method="post" action="/consultations/${id}/cancel">
        <input type="hidden" name="_csrf" value="${csrfToken}" />
        <button class="quiet">Cancel <span class="unseen">${topic}</span></button>
      </form>`
    }
  </li>`;
}
