import type { BookingForm } from '../booking-form.js';
import type { Consultation } from '../consultation.js';
import { formatDay } from '../format-day.js';
import { splitConsultations } from '../split-consultations.js';
import { bookingForm } from './booking-form.js';
import { consultationList } from './consultation-list.js';
import { html } from './html.js';
import type { Page } from './layout.js';
import { notice } from './notice.js';

export interface ConsultationsView {
  readonly consultations: readonly Consultation[];
  readonly nowMs: number;
  readonly csrfToken: string;
  readonly booked: Consultation | undefined;
  readonly cancelled: Consultation | undefined;
  readonly refused: BookingForm | undefined;
}

export function consultationsPage(view: ConsultationsView): Page {
  const { consultations, nowMs, csrfToken, booked, cancelled, refused } = view;
  const { upcoming, earlier } = splitConsultations(consultations, nowMs);
  return {
    title: 'Consultations',
    main: html`<div class="title"><h1>Your consultations</h1></div>
      ${notice('done', booked && `Booked: ${describe(booked)}`)}
      ${notice('done', cancelled && `Cancelled: ${describe(cancelled)}`)}
      <div class="columns">
        <div>
          <section class="card" aria-labelledby="upcoming">
            <h2 id="upcoming">Upcoming</h2>
            ${consultationList(upcoming, { empty: html`Nothing is booked yet.`, csrfToken })}
          </section>
          ${
            earlier.length > 0 &&
            html`<section class="card" aria-labelledby="earlier">
              <h2 id="earlier">Earlier</h2>
              ${consultationList(earlier, { empty: html`` })}
            </section>`
          }
        </div>
        ${bookingForm({ csrfToken, refused, today: new Date(nowMs).toISOString().slice(0, 10) })}
      </div>`,
  };
}

function describe({ topic, startsAt }: Consultation): string {
  const { weekday, day, month, time } = formatDay(startsAt);
  return `${topic}, ${weekday} ${day} ${month} at ${time}`;
}
