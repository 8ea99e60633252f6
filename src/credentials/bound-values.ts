import type { DeclaredSession } from '../core/declared-session.js';
import { mailboxPrefix } from '../core/mailbox.js';
import { SecretValue } from '../core/secret-value.js';

/**
 * The values of a session that a flow may type or send only on some websites: those of items with websites, and all
 * values of a session that lists websites. Values of its mailbox do not reach its flow.
 */
export interface BoundValues {
  add(parameter: string, value: SecretValue): void;
  addCode(code: SecretValue): void;
  readonly all: ReadonlyMap<string, SecretValue>;
}

export function createBoundValues({ name, websites: declared }: DeclaredSession): BoundValues {
  const all = new Map<string, SecretValue>();
  let codes = 0;

  function bind(key: string, value: SecretValue, about: { label: string; kind: SecretValue['kind'] }): void {
    const websites = declared === 'ignore' ? undefined : value.websites;
    if (!websites && !Array.isArray(declared)) return;
    const { label, kind } = about;
    all.set(key, new SecretValue(value.reveal(), `${name}.${label}`, { kind, websites }));
  }

  return {
    all,
    add(parameter, value) {
      if (!parameter.startsWith(mailboxPrefix)) bind(parameter, value, { label: parameter, kind: 'value' });
    },
    // Earlier codes of a sign-in stay bound: they may be valid for a while.
    addCode: (code) => bind(`code ${(codes += 1)}`, code, { label: 'code', kind: 'code' }),
  };
}
