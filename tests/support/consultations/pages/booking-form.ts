import { topicLength, type BookingForm } from '../booking-form.js';
import { advisers, times } from '../consultation.js';
import { html, type Html } from './html.js';
import { notice } from './notice.js';

export interface BookingFormView {
  readonly csrfToken: string;
  readonly today: string;
  /** The rejected input, to be corrected. */
  readonly refused: BookingForm | undefined;
}

export function bookingForm({ csrfToken, today, refused }: BookingFormView): Html {
  return html`<section class="card" id="book" aria-labelledby="book-title">
    <h2 id="book-title">Book a consultation</h2>
    ${notice('problem', refused?.message)}
    <form method="post" action="/consultations">
      <input type="hidden" name="_csrf" value="${csrfToken}" />
      <label for="topic">Topic</label>
      <input id="topic" name="topic" value="${refused?.topic}" maxlength="${topicLength}" required />
      <label for="adviser">Adviser</label>
      <select id="adviser" name="adviser">
        ${options(advisers, refused?.adviser)}
      </select>
      <div class="pair">
        <div>
          <label for="date">Date</label>
          <input id="date" name="date" type="date" min="${today}" value="${refused?.date}" required />
        </div>
        <div>
          <label for="time">Time</label>
          <select id="time" name="time">
            ${options(times, refused?.time)}
          </select>
        </div>
      </div>
      <button>Book consultation</button>
    </form>
  </section>`;
}

function options(names: readonly string[], chosen: string | undefined): readonly Html[] {
  return names.map((name) => html`<option ${name === chosen && html`selected`}>${name}</option>`);
}
