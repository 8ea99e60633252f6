import type { StorageState } from '../../core/storage-state.js';
import { formatDuration } from './format-duration.js';

/** A part of a storage state, without values. */
export type StatePart =
  | {
      readonly kind: 'cookie';
      readonly name: string;
      readonly domain: string;
      /** `null`: the browser forgets it when it closes. A stored session keeps it. */
      readonly expiresAt: string | null;
    }
  | {
      readonly kind: 'storage';
      readonly origin: string;
      readonly localStorage: number;
      readonly sessionStorage: number;
      readonly indexedDB: number;
      readonly files: number;
    }
  | { readonly kind: 'passkey'; readonly domain: string };

/** What a state consists of: cookies with their ends, the storage of each origin, passkeys. */
export function listState({ playwright, sessionStorage }: StorageState): readonly StatePart[] {
  const { cookies, credentials = [] } = playwright;
  const origins = playwright.origins as readonly WholeOrigin[];
  const names = new Set([...origins, ...sessionStorage].map(({ origin }) => origin));
  return [
    ...cookies.map(({ name, domain, expires }) => ({
      ...{ kind: 'cookie' as const, name, domain },
      expiresAt: expires === -1 ? null : new Date(expires * 1000).toISOString(),
    })),
    ...[...names].map((origin) => {
      const own = origins.find((one) => one.origin === origin);
      const tab = sessionStorage.find((one) => one.origin === origin);
      return {
        ...{ kind: 'storage' as const, origin },
        localStorage: own?.localStorage.length ?? 0,
        sessionStorage: tab?.items.length ?? 0,
        indexedDB: own?.indexedDB?.length ?? 0,
        files: own?.opfs?.length ?? 0,
      };
    }),
    ...credentials.map(({ rpId }) => ({ kind: 'passkey' as const, domain: rpId })),
  ];
}

/** One line for each part. Long lists are cut. */
export function formatState(parts: readonly StatePart[], nowMs: number): string[] {
  const lines = parts.map((part) => formatPart(part, nowMs));
  const rest = lines.length - mostLines;
  return rest > 1 ? [...lines.slice(0, mostLines), `… and ${rest} more`] : lines;
}

function formatPart(part: StatePart, nowMs: number): string {
  if (part.kind === 'passkey') return `passkey of ${part.domain}`;
  if (part.kind === 'cookie')
    return `cookie ${part.name} of ${part.domain}, ${formatEnd(part.expiresAt, nowMs)}`;
  const counts = storageNames
    .filter(([name]) => part[name] > 0)
    .map(([name, word, many]) => `${part[name]} ${part[name] === 1 ? word : many}`);
  return `storage of ${part.origin}: ${counts.length > 0 ? counts.join(', ') : 'empty'}`;
}

function formatEnd(expiresAt: string | null, nowMs: number): string {
  if (expiresAt === null) return 'without an end';
  const leftMs = Date.parse(expiresAt) - nowMs;
  return leftMs > 0 ? `ends in ${formatDuration(leftMs)}` : 'expired';
}

const storageNames = [
  ['localStorage', 'item in localStorage', 'items in localStorage'],
  ['sessionStorage', 'item in sessionStorage', 'items in sessionStorage'],
  ['indexedDB', 'database in IndexedDB', 'databases in IndexedDB'],
  ['files', 'file', 'files'],
] as const;
const mostLines = 30;

/** Playwright's types lack what it adds on request. */
type WholeOrigin = StorageState['playwright']['origins'][number] & {
  readonly indexedDB?: readonly unknown[];
  readonly opfs?: readonly unknown[];
};
