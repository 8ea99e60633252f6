import type { Consultation } from './consultation.js';

/** What is still to come, soonest first, and what is over or cancelled, latest first. */
export function splitConsultations(
  consultations: readonly Consultation[],
  nowMs: number,
): Readonly<Record<'upcoming' | 'earlier', readonly Consultation[]>> {
  const isUpcoming = ({ status, startsAt }: Consultation) =>
    status === 'booked' && Date.parse(`${startsAt}Z`) > nowMs;
  return {
    upcoming: consultations.filter(isUpcoming),
    earlier: consultations.filter((consultation) => !isUpcoming(consultation)).toReversed(),
  };
}
