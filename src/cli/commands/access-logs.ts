import * as v from 'valibot';
import { parseSecretReference, type ItemReference } from '../../core/secret-reference.js';
import { readTextFile } from '../files/read-text-file.js';

/** An item that sessions read from 1Password, by the log. */
export interface LoggedItem {
  /** As in the references: titles or IDs. */
  readonly vault: string;
  readonly item: string;
  readonly sessions: readonly string[];
  /** How often it was asked for. */
  readonly reads: number;
  readonly lastMs: number;
}

export interface AccessLogs {
  /** The logs that exist. */
  readonly files: readonly string[];
  readonly items: readonly LoggedItem[];
  /** Lines that are no access, as a log that was cut. */
  readonly damagedLines: number;
}

/** Reads logs of vault accesses. A log that does not exist is left out. */
export async function readAccessLogs(files: readonly string[]): Promise<AccessLogs> {
  const read = await Promise.all(
    files.map(async (file) => ({ file, text: await readTextFile(file, limit) })),
  );
  const found = read.filter(({ text }) => text !== undefined);
  const lines = found.flatMap(({ text = '' }) => text.split('\n').filter((line) => line.trim() !== ''));
  const accesses = lines.flatMap((line) => {
    const { success, output } = v.safeParse(AccessLine, line);
    return success ? [output] : [];
  });
  return {
    files: found.map(({ file }) => file),
    items: itemsOf(accesses),
    damagedLines: lines.length - accesses.length,
  };
}

/** Names the item. A failed read counts: it may be in 1Password's report too. */
const AccessLine = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    when: v.pipe(v.string(), v.isoTimestamp()),
    vault: v.string(),
    reference: v.string(),
    session: v.string(),
    from: v.string(),
  }),
);

function itemsOf(accesses: readonly v.InferOutput<typeof AccessLine>[]): readonly LoggedItem[] {
  const items = new Map<string, LoggedItem>();
  for (const { when, vault: kind, reference, session, from } of accesses) {
    const read = kind === 'one-password' && from === 'vault' ? itemOf(reference) : undefined;
    if (!read) continue;
    const { vault, item } = read;
    const key = JSON.stringify([vault.toLowerCase(), item.toLowerCase()]);
    const { sessions = [], reads = 0, lastMs = 0 } = items.get(key) ?? {};
    items.set(key, {
      vault,
      item,
      sessions: [...new Set([...sessions, session])],
      reads: reads + 1,
      lastMs: Math.max(lastMs, Date.parse(when)),
    });
  }
  return [...items.values()];
}

/** A 1Password Environment is no item, and no report has it. */
function itemOf(reference: string): ItemReference | undefined {
  try {
    const parsed = parseSecretReference(reference, {});
    return parsed.source === 'item' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const limit = { maxBytes: 64 * 1024 * 1024, whenLarger: 'Audit the logs of fewer runs.' };
