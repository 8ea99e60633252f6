import { randomUUID } from 'node:crypto';

/** One appointment of one account. */
export interface Consultation {
  readonly id: string;
  readonly email: string;
  readonly topic: string;
  readonly adviser: string;
  /** UTC, to the minute: `2030-01-31T09:30`. */
  readonly startsAt: string;
  readonly status: 'booked' | 'cancelled';
}

export interface ConsultationBook {
  all(): readonly Consultation[];
  of(email: string): readonly Consultation[];
  book(request: Pick<Consultation, 'email' | 'topic' | 'adviser' | 'startsAt'>): Consultation;
  /** `false` when there is no such consultation of this account, or it is cancelled already. */
  cancel(email: string, id: string): boolean;
  reset(): void;
}

export interface ConsultationBookOptions {
  readonly initial: () => readonly Consultation[];
  readonly saved: readonly Consultation[] | undefined;
  readonly onChange: () => void;
}

export function createConsultationBook({
  initial,
  saved,
  onChange,
}: ConsultationBookOptions): ConsultationBook {
  let consultations = saved ?? initial();
  function replace(next: readonly Consultation[]): void {
    consultations = next.toSorted((one, other) => one.startsAt.localeCompare(other.startsAt));
    onChange();
  }
  return {
    all: () => consultations,
    of: (email) => consultations.filter((consultation) => consultation.email === email),
    book(request) {
      const consultation = { id: randomUUID(), ...request, status: 'booked' } as const;
      replace([...consultations, consultation]);
      return consultation;
    },
    cancel(email, id) {
      const found = consultations.find(
        (one) => one.id === id && one.email === email && one.status === 'booked',
      );
      if (!found) return false;
      replace(consultations.map((one) => (one === found ? { ...one, status: 'cancelled' } : one)));
      return true;
    },
    reset: () => replace(initial()),
  };
}

export const advisers = ['Dr Imani Okafor', 'Jonas Lindqvist', 'Mei Tanaka'] as const;
export const times = [
  '09:00',
  '09:30',
  '10:00',
  '10:30',
  '11:00',
  '13:30',
  '14:00',
  '15:00',
  '16:30',
] as const;
