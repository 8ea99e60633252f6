import { AuthSessionsError } from '../core/errors.js';
import type { Vault } from '../core/ports.js';
import type { ConnectionName } from '../core/vault-connection.js';
import type { SpanAttributes } from './span-change.js';
import type { SpanNotes } from './span-notes.js';

/** Notes each call of a vault as a span. References are counted, not named. */
export function withVaultSpans(vault: Vault, connection: ConnectionName, spans: SpanNotes): Vault {
  const call = (references: number) =>
    ({
      name: 'vault_call',
      isCall: vault.kind !== 'local',
      attributes: {
        'auth_sessions.vault': vault.kind,
        'auth_sessions.connection': connection,
        'auth_sessions.references': references,
      },
    }) as const;
  return {
    ...vault,
    resolveAll: (references, signal) =>
      spans.during(call(references.length), () => vault.resolveAll(references, signal), describeAnswers),
    readCode: (reference, signal) => spans.during(call(1), () => vault.readCode(reference, signal)),
  };
}

function describeAnswers(answers: Awaited<ReturnType<Vault['resolveAll']>>): SpanAttributes {
  const errors = [...answers.values()].filter((answer) => answer instanceof AuthSessionsError);
  const [first] = errors;
  if (!first) return {};
  return {
    'auth_sessions.unresolved': errors.length,
    'auth_sessions.outcome': 'failed',
    'error.type': first.code,
  };
}
