import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AuthSessionsError } from '../core/errors.js';
import type { Vault } from '../core/ports.js';
import type { VaultAccess } from '../core/vault-access.js';
import { appendWithoutTrust } from '../files/own-path.js';

/** Logs requests to the vault. Contains no values. */
export interface AccessLog {
  /** Runs one request, and logs it when it ends. */
  record<Result>(access: Readonly<StartedAccess>, work: () => Promise<Result>): Promise<Result>;
  /** Waits until everything is written. */
  flush(): Promise<void>;
}

export interface StartedAccess extends Pick<VaultAccess, 'reference' | 'session' | 'why'> {
  /** The value when the request has ended. */
  from: VaultAccess['from'];
}

export interface AccessLogOptions {
  readonly vault: Vault['kind'];
  /** The name of the vault connection. [the suite's own vault] */
  readonly connection?: string | undefined;
  readonly nowMs: () => number;
  readonly write: (access: VaultAccess) => Promise<void>;
}

export function createAccessLog({ vault, connection, nowMs, write }: AccessLogOptions): AccessLog {
  let written = Promise.resolve();

  function note(access: Readonly<StartedAccess>, startMs: number, outcome: VaultAccess['outcome']): void {
    const endMs = nowMs();
    const when = new Date(endMs).toISOString();
    const from = { vault, ...(connection !== undefined && { connection }) };
    const line = { when, ...from, ...access, outcome, durationMs: Math.round(endMs - startMs) };
    // A log that is not writable does not stop sign-ins.
    written = written.then(() => write(line)).catch(() => undefined);
  }

  return {
    async record(access, work) {
      const startMs = nowMs();
      try {
        const result = await work();
        note(access, startMs, result instanceof AuthSessionsError ? result.code : 'resolved');
        return result;
      } catch (error) {
        note(access, startMs, error instanceof AuthSessionsError ? error.code : 'ERR_UNEXPECTED');
        throw error;
      }
    },
    flush: () => written,
  };
}

/** Appends to a file of JSON lines, so that a restarted broker continues it. */
export function appendTo(file: string | undefined): AccessLogOptions['write'] {
  let ready: Promise<unknown> | undefined;
  return async (access) => {
    if (file === undefined) return;
    ready ??= mkdir(path.dirname(file), { recursive: true });
    await ready;
    await appendFile(file, `${JSON.stringify(access)}\n`, { flag: appendWithoutTrust });
  };
}
