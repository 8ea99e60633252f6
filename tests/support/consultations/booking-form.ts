import { advisers, times, type Consultation } from './consultation.js';
import { formField } from './form-field.js';

export type Booking = Pick<Consultation, 'topic' | 'adviser' | 'startsAt'>;

/** A form to show again, as it was sent, with what is wrong with it. */
export interface BookingForm {
  readonly topic: string;
  readonly adviser: string;
  readonly date: string;
  readonly time: string;
  readonly message: string;
}

export function parseBooking(body: unknown, nowMs: number): Booking | BookingForm {
  const [topic, adviser, date, time] = ['topic', 'adviser', 'date', 'time'].map((name) =>
    formField(body, name).trim(),
  ) as [string, string, string, string];
  const startsAt = `${date}T${time}`;
  const refuse = (message: string): BookingForm => ({ topic, adviser, date, time, message });
  if (topic === '' || topic.length > topicLength)
    return refuse(`Give a topic of up to ${topicLength} characters`);
  if (!(advisers as readonly string[]).includes(adviser)) return refuse('Choose an adviser');
  if (!(times as readonly string[]).includes(time)) return refuse('Choose a time');
  if (!/^\d{4}-\d\d-\d\dT/.test(startsAt) || Number.isNaN(Date.parse(`${startsAt}Z`)))
    return refuse('Choose a date');
  if (Date.parse(`${startsAt}Z`) <= nowMs) return refuse('Choose a date and time that are still to come');
  return { topic, adviser, startsAt };
}

export const topicLength = 80;
