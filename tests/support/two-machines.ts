import { execFileSync } from 'node:child_process';
import { test } from '@playwright/test';

/** Two network namespaces with one cable between them, which a test can unplug. */
export interface TwoMachines {
  /** Addresses of the two on the cable. */
  readonly addresses: readonly [string, string];
  /** Commands that run a command in one of them. */
  readonly inside: readonly [readonly string[], readonly string[]];
  readonly unplug: () => void;
  readonly plugIn: () => void;
}

/** Skips, with its reason, where the system allows no network namespaces. */
export async function withTwoMachines(run: (machines: TwoMachines) => Promise<void>): Promise<void> {
  const names = ['a', 'b'].map((letter) => `auth-${process.pid}-${letter}`) as [string, string];
  const [first, second] = names;
  const cable = [`${letters(process.pid)}0`, `${letters(process.pid)}1`] as const;
  const addresses = ['10.213.77.1', '10.213.77.2'] as const;
  try {
    test.skip(!tryTo(() => names.forEach((name) => ip('netns', 'add', name))), whySkipped);
    ip('-n', first, 'link', 'add', cable[0], 'type', 'veth', 'peer', 'name', cable[1], 'netns', second);
    for (const [index, name] of names.entries()) {
      ip('-n', name, 'address', 'add', `${addresses[index] ?? ''}/24`, 'dev', cable[index] ?? '');
      ip('-n', name, 'link', 'set', cable[index] ?? '', 'up');
    }
    await run({
      addresses,
      inside: [
        ['ip', 'netns', 'exec', first],
        ['ip', 'netns', 'exec', second],
      ],
      unplug: () => ip('-n', first, 'link', 'set', cable[0], 'down'),
      plugIn: () => ip('-n', first, 'link', 'set', cable[0], 'up'),
    });
  } finally {
    for (const name of names) tryTo(() => ip('netns', 'delete', name));
  }
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: 'ignore' });
}

function tryTo(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

/** Names of network devices have at most 15 characters. */
function letters(pid: number): string {
  return `auth${pid}`.slice(0, 13);
}

const whySkipped = 'needs network namespaces: Linux, root and the command ip (iproute2)';
