import * as v from 'valibot';
import { doubtReasons } from '../core/doubt-reason.js';
import { AuthSessionsError } from '../core/errors.js';
import { storageStateSchema } from '../core/sealed-session.js';
import type { BrokerRequests } from './messages.js';

/**
 * Validates a request. Workers run test code, so their requests are checked like any input. Messages contain no values
 * of it.
 *
 * @throws AuthSessionsError `ERR_BROKER_REQUEST`
 */
export function parseRequest<Path extends keyof BrokerRequests>(
  path: Path,
  body: unknown,
): BrokerRequests[Path]['request'] {
  const { success, output, issues } = v.safeParse(requestSchemas[path], body, { abortEarly: true });
  if (success) return output;
  const where = v.getDotPath(issues[0]);
  throw refused(
    path,
    where === null ? 'It is not the object that this request needs.' : `"${cut(where)}" is wrong.`,
  );
}

/** A storage state with IndexedDB can be large. Anything larger is not a storage state. */
export function maxRequestBytes(path: keyof BrokerRequests): number {
  return (path === '/write-back' ? 64 : 1) * mebibyte;
}

export function tooLarge(path: keyof BrokerRequests): AuthSessionsError {
  const known = `It has more than ${maxRequestBytes(path) / mebibyte} MB.`;
  if (path !== '/write-back') return refused(path, known);
  return new AuthSessionsError('ERR_STATE_TOO_LARGE', {
    failed: 'A storage state is too large to pass on.',
    known,
    next: "Use writeBack: 'check' for this session.",
  });
}

export function unreadable(path: keyof BrokerRequests): AuthSessionsError {
  return refused(path, 'It is not JSON.');
}

/** The error of a request that the broker does not accept: `known` says why. */
export function refused(path: keyof BrokerRequests, known: string): AuthSessionsError {
  return new AuthSessionsError('ERR_BROKER_REQUEST', {
    failed: `The broker does not accept this ${path} request.`,
    known,
    next: 'Use the fixtures of one version of this package. Do not send requests to the broker yourself.',
  });
}

/** Names in a path may come from the sender. */
function cut(where: string): string {
  return where.replaceAll(/[^\w.-]/g, '?').slice(0, 80);
}

const mebibyte = 1024 * 1024;

const short = v.pipe(v.string(), v.maxLength(300));
const address = v.optional(v.pipe(v.string(), v.maxLength(4096)));
const asked = v.strictObject({ session: short });
const whole = v.pipe(v.number(), v.integer());
const asker = v.optional(v.strictObject({ test: v.string(), project: v.string(), worker: whole }));
const endedUse = {
  session: short,
  scope: v.picklist(['worker', 'test']),
  ticket: v.pipe(short, v.minLength(16)),
};
const workerUse = { ...endedUse, asker, lane: whole };
const slot = v.pipe(whole, v.minValue(1));
const heldUse = v.strictObject({ ...workerUse, slot });
const heldUses = v.pipe(v.array(heldUse), v.maxLength(100));
const askedCredentials = v.strictObject({ session: short, uses: v.optional(heldUses) });
const handle = { key: short, id: short };

/** Random: a worker cannot guess another one's. */
const isolation = v.pipe(v.string(), v.uuid());

/** A record schema also accepts lists. */
const parameters = v.pipe(
  v.custom<object>((given) => !Array.isArray(given)),
  v.record(short, v.string()),
);

const place = v.strictObject({ baseURL: address, project: v.optional(short) });
const sessionAtPlace = v.strictObject({ session: short, place });

const requestSchemas = {
  '/base-url': asked,
  '/acquire': v.strictObject({
    session: short,
    place,
    parameters: v.optional(parameters),
    isolated: v.optional(isolation),
    asker,
    isRetry: v.optional(v.boolean()),
    uses: v.optional(heldUses),
  }),
  '/use': v.strictObject({ ...workerUse, uses: heldUses, slot: v.optional(slot) }),
  '/end-use': v.strictObject({ uses: v.pipe(v.array(v.strictObject(endedUse)), v.maxLength(100)) }),
  '/credentials': askedCredentials,
  '/code': askedCredentials,
  '/end-session': v.strictObject({ key: short }),
  '/invalidate': v.strictObject(handle),
  '/suspect': v.strictObject({
    ...handle,
    why: v.optional(v.picklist(doubtReasons)),
    cookieChanged: v.optional(v.boolean()),
    hold: v.optional(short),
  }),
  '/write-back': v.strictObject({
    ...handle,
    state: storageStateSchema,
    hold: v.optional(short),
    use: v.optional(heldUse),
  }),
  '/projects': v.strictObject({}),
  '/list': v.strictObject({ places: v.pipe(v.array(place), v.maxLength(100)) }),
  '/check': sessionAtPlace,
  '/stored': sessionAtPlace,
  '/retire': sessionAtPlace,
} as const satisfies Record<keyof BrokerRequests, v.GenericSchema>;
