import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { flowFile, isAuthFlow, type AuthFlow } from '../core/auth-flow.js';
import { expiryOf, formatEnd, freshnessOf, type Freshness } from '../core/entry-freshness.js';
import type { EnvironmentDecision } from '../core/environment.js';
import type { UnusedReason } from '../core/unused-reason.js';
import { publicUrl } from '../core/public-url.js';
import type { SessionEntry } from './session-entry.js';

/** A session at one base URL. Times are in ISO 8601. */
export interface ListedSession {
  readonly name: string;
  readonly baseURL: string | null;
  readonly type: string;
  /** The vault connection that it reads from; `null`: the suite's own vault, or none. */
  readonly vault: string | null;
  /** Path of the flow's file, relative to the config's folder. */
  readonly flow: string | null;
  /** Whether the flow has a check. */
  readonly check: boolean;
  /** `missing`: a vault credential is needed but not set. */
  readonly environment: 'deployed' | 'local' | 'skip' | 'missing' | 'none';
  readonly state: Freshness;
  readonly signedInAt: string | null;
  readonly checkedAt: string | null;
  /** When its last check found it signed out. */
  readonly signedOutAt: string | null;
  readonly ageSeconds: number | null;
  readonly expiresAt: string | null;
  /** `ttlSeconds`, `cookie NAME` or `token NAME`. */
  readonly expiresBy: string | null;
  /** Why what is stored is not used: `other-key`, `flow-changed`. */
  readonly unusable: UnusedReason | null;
}

export interface ListEntryOptions {
  readonly decision: EnvironmentDecision;
  readonly vaultMissing: boolean;
  readonly nowMs: number;
  /** Folder of the suite. */
  readonly folder: string;
}

/** Describes a stored session, or one that is not stored. Contains no values. */
export function listEntry(
  { session, baseURL, record, rejection, earlier }: SessionEntry,
  { decision, vaultMissing, nowMs, folder }: ListEntryOptions,
): ListedSession {
  const expiry = record && expiryOf(record, session);
  return {
    name: session.name,
    baseURL: publicUrl(baseURL) ?? null,
    type: session.type,
    vault: session.vault ?? null,
    flow: flowFileOf(session.flow, folder),
    check: session.flow?.check !== undefined,
    environment: session.type !== 'credentials' ? 'none' : vaultMissing ? 'missing' : decision.environment,
    state: freshnessOf(record, session, nowMs),
    signedInAt: record ? new Date(record.createdAtMs).toISOString() : null,
    checkedAt: record ? new Date(record.checkedAtMs).toISOString() : null,
    signedOutAt: record?.signedOutAtMs === undefined ? null : new Date(record.signedOutAtMs).toISOString(),
    ageSeconds: record ? Math.round((nowMs - record.createdAtMs) / 1000) : null,
    expiresAt: expiry ? new Date(expiry.atMs).toISOString() : null,
    expiresBy: expiry ? formatEnd(expiry.by) : null,
    unusable: rejection ?? earlier ?? null,
  };
}

function flowFileOf(flow: AuthFlow<string> | undefined, folder: string): string | null {
  const file = isAuthFlow(flow) ? flow[flowFile] : undefined;
  if (file === undefined) return null;
  return path.relative(folder, file.startsWith('file:') ? fileURLToPath(file) : file);
}
