import { runRedactor, processMemory } from './process-memory.js';
import { redactOutput } from './redact-output.js';
import { redactUncaught } from './redact-uncaught.js';

/**
 * Redacts what this process prints from now to its end, also its uncaught error: a script prints its errors after it has
 * closed its sessions.
 */
export function guardOutput(): void {
  guardUncaught();
  if (processMemory.guarded.has('output')) return;
  processMemory.guarded.add('output');
  redactOutput(process, runRedactor);
}

export function guardUncaught(): void {
  if (processMemory.guarded.has('uncaught')) return;
  processMemory.guarded.add('uncaught');
  redactUncaught(process, runRedactor);
}
