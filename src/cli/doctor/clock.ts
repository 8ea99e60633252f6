import { statSync } from 'node:fs';
import { isThere } from '../terminal/maybe.js';
import { ok, trouble, warning, type Check, type Told } from './finding.js';

/** Whether this machine's clock is correct: one-time codes depend on it. */
export const clock: Check = {
  id: 'clock',
  async examine({ environment, tokens, vaults, configFile, context }) {
    if (!isThere(environment)) return [];
    const names = isThere(vaults)
      ? [...vaults.is].flatMap(([name, { kind }]) => (kind === 'one-password' ? [name] : []))
      : [];
    const addresses = new Set(names.map((name) => addressIn(tokens.get(name)?.reveal())));
    if (addresses.size === 0)
      return isThere(configFile) ? [compareWithFile(configFile.is, context.clock.nowMs())] : [];
    return Promise.all(
      [...addresses].map((address) =>
        compareWithServer(address, context.signal, () => context.clock.nowMs()),
      ),
    );
  },
};

async function compareWithServer(address: string, stop: AbortSignal, nowMs: () => number): Promise<Told> {
  const host = URL.canParse(address) ? new URL(address).host : address;
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(deadlineMs)]);
    const askedMs = nowMs();
    const answer = await fetch(address, { method: 'HEAD', redirect: 'manual', signal });
    const servedMs = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(servedMs)) return notCompared(host, 'Its response has no date.');
    // The header has whole seconds, and was written halfway.
    return judgeClock((askedMs + nowMs()) / 2 - (servedMs + 500), host);
  } catch {
    stop.throwIfAborted();
    return notCompared(host, 'It could not be reached; a proxy may be in between.');
  }
}

export function judgeClock(aheadMs: number, host: string): Told {
  const offSeconds = Math.round(Math.abs(aheadMs) / 1000);
  const seen = `The clock of this machine is ${offSeconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} ${host}.`;
  const next = 'Set the clock, and turn on automatic time (NTP).';
  if (offSeconds >= lostSeconds)
    return trouble(seen, next, 'One-time codes depend on the time, so they are rejected.');
  if (offSeconds >= doubtfulSeconds)
    return warning(seen, next, 'One-time codes are valid for 30 s, so some are rejected.');
  return ok(`Clock: matches ${host}`);
}

function notCompared(host: string, known: string): Told {
  return warning(
    `The clock could not be compared with ${host}.`,
    'Compare it yourself: https://time.is',
    known,
  );
}

/** Used if no server can be asked: a file from the future means that the clock is behind. */
export function compareWithFile(file: string, nowMs: number): Told {
  const writtenMs = statSync(file).mtimeMs;
  if (writtenMs - nowMs < dayMs) return ok('Clock: no sign that it is wrong');
  return trouble(
    'The clock of this machine seems to be behind.',
    'Set the clock, and turn on automatic time (NTP).',
    `${file} was last modified in the future.`,
  );
}

/** A service account token contains its account's server. */
function addressIn(token: string | undefined): string {
  try {
    const contents = JSON.parse(Buffer.from((token ?? '').replace(/^ops_/, ''), 'base64url').toString()) as {
      signInAddress?: string;
    };
    const address = contents.signInAddress ?? usualHost;
    return /^https?:/.test(address) ? address : `https://${address}`;
  } catch {
    return `https://${usualHost}`;
  }
}

const usualHost = 'my.1password.com';
const deadlineMs = 5000;
const doubtfulSeconds = 5;
const lostSeconds = 25;
const dayMs = 86_400_000;
