import type { ChildProcess } from 'node:child_process';

/**
 * Waits for a child that was asked to end, and kills it after a time limit. Keeps this process alive meanwhile, which
 * an `unref`ed child and its channel do not.
 */
export async function endChild(
  child: ChildProcess,
  { patienceMs, killPatienceMs = 5000 }: { readonly patienceMs: number; readonly killPatienceMs?: number },
): Promise<'ended' | 'killed' | 'stuck'> {
  if (await endsWithin(child, patienceMs)) return 'ended';
  child.kill('SIGKILL');
  return (await endsWithin(child, killPatienceMs)) ? 'killed' : 'stuck';
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** How a child ended: `SIGKILL`, `exit code 1`. */
export function endOf({ exitCode, signalCode }: ChildProcess): string {
  return signalCode ?? `exit code ${exitCode ?? 'unknown'}`;
}

function endsWithin(child: ChildProcess, patienceMs: number): Promise<boolean> {
  if (hasEnded(child)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), patienceMs);
    const onExit = () => settle(true);
    const settle = (isEnded: boolean) => {
      clearTimeout(timer);
      child.off('exit', onExit);
      resolve(isEnded);
    };
    child.once('exit', onExit);
  });
}
