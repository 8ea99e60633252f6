/** Numbers that are sent and acknowledged in order. */
export interface Acknowledgement {
  next(): number;
  reached(number: number): void;
  /** Resolves when everything sent is acknowledged, or after a time limit without acknowledgements. */
  settled(): Promise<void>;
}

export function createAcknowledgement({ patienceMs }: { readonly patienceMs: number }): Acknowledgement {
  let sent = 0;
  let received = 0;
  const waiting = new Set<{ readonly number: number; readonly resolve: () => void }>();
  return {
    next: () => (sent += 1),
    reached(number) {
      received = Math.max(received, number);
      for (const one of waiting) if (one.number <= received) one.resolve();
    },
    settled() {
      if (received >= sent) return Promise.resolve();
      return new Promise((resolve) => {
        const one = { number: sent, resolve: end };
        const timer = setTimeout(end, patienceMs);
        waiting.add(one);
        function end(): void {
          clearTimeout(timer);
          waiting.delete(one);
          resolve();
        }
      });
    },
  };
}
