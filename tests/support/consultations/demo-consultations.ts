import type { Consultation } from './consultation.js';
import { demoAccounts } from './demo-accounts.js';

/** What the demo accounts have booked when the site starts, around the day it starts on. */
export function demoConsultations(nowMs: number): readonly Consultation[] {
  return entries.map(([key, days, time, topic, adviser], index) => ({
    id: `demo-${index + 1}`,
    email: demoAccounts[key].email,
    topic,
    adviser,
    startsAt: `${new Date(nowMs + days * dayMs).toISOString().slice(0, 10)}T${time}`,
    status: 'booked',
  }));
}

const dayMs = 86_400_000;

const entries = [
  ['customer', -12, '10:00', 'First conversation', 'Mei Tanaka'],
  ['customer', 3, '09:30', 'Moving abroad: what changes', 'Dr Imani Okafor'],
  ['admin', 5, '14:00', 'Yearly review', 'Jonas Lindqvist'],
  ['customer', 17, '15:00', 'Pension and part-time work', 'Jonas Lindqvist'],
] as const;
