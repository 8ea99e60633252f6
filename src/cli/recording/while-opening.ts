import type { Progress } from '../terminal/progress.js';

/** Shows progress while a window starts, until `work` reports it. */
export async function whileOpening<Result>(
  progress: Progress,
  work: (opened: () => void) => Promise<Result>,
): Promise<Result> {
  let opened: () => void = () => undefined;
  const isThere = new Promise<void>((resolve) => (opened = resolve));
  void progress.during('opening a window', () => isThere);
  try {
    return await work(opened);
  } finally {
    opened();
  }
}
