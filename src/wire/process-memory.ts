import { Agent } from 'node:http';
import type { DeclaredSecret, DeclaredSecrets } from '../core/read-declared-secrets.js';
import { createRedactor } from '../redaction/redactor.js';
import type { KnownSecret } from './secret-ledger.js';

/** The run's secrets in this process. The runner knows all of them, a worker only those that it may get. */
export const runRedactor = createRedactor();

/** With the time each became known: anything written earlier could not be redacted. */
export const knownSecrets: KnownSecret[] = [];

/** This worker's connections to the broker: a new one for each request would double what a request costs. */
export const brokerConnections = new Agent({ keepAlive: true });

/** What else `register-secrets` and `declared-secrets` remember from one call to the next. */
export const processMemory: ProcessMemory = {
  ledgerPosition: undefined,
  secretListeners: new Set(),
  declared: new Map(),
  everSet: new Set(),
  declaredListeners: new Set(),
  variables: [],
  declaredSinceMs: undefined,
  guarded: new Set(),
};

interface ProcessMemory {
  /** The broker's ledger, and how many of its secrets this worker has. */
  ledgerPosition: { readonly ledger: string; readonly count: number } | undefined;
  readonly secretListeners: Set<(secret: KnownSecret) => void>;
  /** By value. */
  readonly declared: Map<string, DeclaredSecret>;
  /** The names of variables that were set at some time. */
  readonly everSet: Set<string>;
  readonly declaredListeners: Set<(declared: readonly DeclaredSecret[]) => void>;
  /** The variables that the config declares as secret. */
  variables: DeclaredSecrets['variables'];
  /** When the config was first loaded. */
  declaredSinceMs: number | undefined;
  /** What of this process's output is redacted to its end. */
  readonly guarded: Set<'output' | 'uncaught'>;
}
