import { entryParts } from '../core/entry-key.js';
import type { FlowRunner } from '../core/ports.js';
import type { StorageState } from '../core/storage-state.js';
import { createMemoryStore } from '../store/memory.js';
import type { AcquirePorts } from './acquire-ports.js';
import type { JudgedState } from './check-answer.js';
import { checkOnlyPorts } from './check-only-ports.js';
import { restoreAuthSession, unanswered } from './restore-auth-session.js';
import { requestOf, type ReadOptions, type SessionEntry } from './session-entry.js';
import { newSlot, type Attempt } from './slot.js';

interface JudgeOptions
  extends Pick<ReadOptions, 'open' | 'onState'>, Pick<AcquirePorts, 'clock' | 'signal' | 'seal' | 'newId'> {
  readonly flows: FlowRunner;
}

/** Checks like after a sign-in. Write-backs of the check go to a temporary store. */
export async function judgeState(
  entry: SessionEntry,
  state: StorageState,
  options: JudgeOptions,
): Promise<JudgedState> {
  const { clock, newId, onState } = options;
  const nowMs = clock.nowMs();
  const { session, baseURL } = entry;
  const record = {
    ...{ id: newId(), session: session.name, createdAtMs: nowMs, checkedAtMs: nowMs },
    madeWith: entryParts(session, baseURL),
    state,
  };
  onState(record);
  const attempt: Attempt = { signIns: 0, checks: 0, notes: [] };
  const ports = { ...options, ...checkOnlyPorts(), store: createMemoryStore({ clock }) };
  const checked = await restoreAuthSession(requestOf(entry), record, { slot: newSlot(), attempt, ports });
  onState(checked.record);
  const trouble = checked.signedIn ? undefined : unanswered(attempt);
  return {
    signedIn: checked.signedIn,
    record: trouble ? { ...checked.record, doubtedAtMs: nowMs } : checked.record,
    ...{ checks: attempt.checks, notes: attempt.notes, seen: attempt.seen, unanswered: trouble },
  };
}
