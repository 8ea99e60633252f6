import type { StorageState } from '../core/storage-state.js';
import type { BrokerAnswer } from './messages.js';

/**
 * The JSON of an answer, in pieces. A state may have megabytes and goes to many workers: its bytes are made once, and
 * shared by all answers on their way. States are never changed, only replaced.
 */
export function createAnswerBytes(): (answer: BrokerAnswer<unknown>) => readonly Buffer[] {
  const known = new WeakMap<StorageState, Buffer>();
  const bytesOf = (state: StorageState) => {
    const bytes = known.get(state) ?? Buffer.from(JSON.stringify(state));
    known.set(state, bytes);
    return bytes;
  };
  return (answer) => {
    if ('error' in answer || !hasState(answer.ok)) return [Buffer.from(JSON.stringify(answer))];
    const { ok, ...besides } = answer;
    const { state, ...others } = ok;
    return [
      Buffer.from('{"ok":{"state":'),
      bytesOf(state),
      Buffer.from(`${moreMembers(others)}}${moreMembers(besides)}}`),
    ];
  };
}

/** An object's members, to follow others. */
function moreMembers(object: object): string {
  const members = JSON.stringify(object).slice(1, -1);
  return members === '' ? '' : `,${members}`;
}

function hasState(ok: unknown): ok is { readonly state: StorageState } {
  return (
    typeof ok === 'object' &&
    ok !== null &&
    'state' in ok &&
    typeof ok.state === 'object' &&
    ok.state !== null
  );
}
