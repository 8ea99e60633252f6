import { expect, test } from '@playwright/test';
import { defineAuthFlow } from '../../src/core/auth-flow.js';
import { changeHeaders } from '../../src/core/sent-headers.js';
import { isEmptyState, isSignedOutByCookies, withoutEnding } from '../../src/core/storage-state.js';
import { tokensThatMatter } from '../../src/core/token-end.js';
import { headersFrom } from '../../src/flow/headers-from.js';
import { secretsOfState } from '../../src/redaction/state-secrets.js';
import { declareSession, stateOf } from '../support/declared-session.js';

const nowMs = 1_000_000_000_000;
const own = 'https://app.example';
const authorization = { name: 'Authorization', value: 'Bearer abc' };
const headers = { origins: [own], items: [authorization] };
const ending = { name: 'authorization', value: `Bearer ${jwt(nowMs / 1000)}` };
const accept = { name: 'accept', value: '*/*' };

test.describe('a request', () => {
  for (const [what, request, changed] of [
    ['gets them at their origin', { url: `${own}/x?y`, headers: [accept] }, [accept, authorization]],
    ['keeps a header of the same name', { url: own, headers: [{ ...authorization, value: '' }] }, undefined],
    ['gets none at another origin', { url: 'https://app.example.evil.test', headers: [] }, undefined],
    ['gets none at another port', { url: 'https://app.example:444', headers: [] }, undefined],
    ['gets none without TLS', { url: 'http://app.example', headers: [] }, undefined],
    [
      'gets none at a name with the origin as user',
      { url: 'https://app.example@evil.test', headers: [] },
      undefined,
    ],
    ['gets none at no URL', { url: 'app.example', headers: [] }, undefined],
  ] as const)
    test(what, () => {
      expect(changeHeaders({ isRedirect: false, ...request }, headers)).toEqual(changed);
    });

  test('loses them where a redirect leads away, and only there', () => {
    const request = {
      url: 'https://other.example',
      headers: [accept, { ...authorization, name: 'authorization' }],
    };
    expect(changeHeaders({ ...request, isRedirect: true }, headers)).toEqual([accept]);
    expect(changeHeaders({ ...request, isRedirect: false }, headers)).toBeUndefined();
  });
});

test.describe('a state with headers alone', () => {
  const state = { ...stateOf(), headers };

  test('is not empty, and its cookies do not end it', () => {
    expect(isEmptyState(state)).toBe(false);
    const over = { ...stateOf('a'), headers };
    over.playwright.cookies.forEach((cookie) => Object.assign(cookie, { expires: 1 }));
    expect(isSignedOutByCookies(over, nowMs)).toBe(false);
  });

  test('ends with its JSON Web Token, and a sign-in does not start from an ended one', () => {
    const both = { ...state, headers: { ...headers, items: [authorization, ending] } };
    expect(tokensThatMatter(both)).toEqual([{ name: 'authorization', atMs: nowMs }]);
    expect(withoutEnding(both, nowMs).headers?.items).toEqual([authorization]);
    expect(
      withoutEnding({ ...state, headers: { ...headers, items: [ending] } }, nowMs).headers,
    ).toBeUndefined();
  });

  test('has secrets: what is sent, without its scheme, and the password of HTTP Basic', () => {
    const basic = `Basic ${Buffer.from('ada:right horse 9').toString('base64')}`;
    const items = [basic, 'plainkey', ending.value].map((value) => ({ name: 'X', value }));
    const values = secretsOfState({ ...stateOf(), headers: { ...headers, items } }, 'api').map((one) =>
      one.reveal(),
    );
    expect(values).toEqual(
      expect.arrayContaining([basic.slice(6), 'right horse 9', 'plainkey', ending.value.slice(7)]),
    );
  });
});

test.describe('the result of create', () => {
  const job = {
    session: declareSession({ baseURL: `${own}/shop/` }),
    place: { baseURL: undefined, project: undefined },
  };

  test('is sent to the origin of the base URL, or to the origins that it names', () => {
    const items = [{ name: 'X-Key', value: 'k 1' }];
    expect(headersFrom({ headers: { 'X-Key': 'k 1' } }, job)).toEqual({ items, origins: [own] });
    const origins = ['https://api.example/v1', 'http://localhost:80'];
    expect(headersFrom({ headers: { 'X-Key': 'k 1' }, origins }, job)?.origins).toEqual([
      'https://api.example',
      'http://localhost',
    ]);
  });

  test('compiles only if it is nothing, or headers of text and origins', () => {
    defineAuthFlow({ create: async () => Promise.resolve() });
    defineAuthFlow({ create: async () => Promise.resolve({ headers: { a: 'b' }, origins: [own] }) });
    // @ts-expect-error -- misspelt
    defineAuthFlow({ create: async () => Promise.resolve({ header: { a: 'b' } }) });
    // @ts-expect-error -- no text
    defineAuthFlow({ create: async () => Promise.resolve({ headers: { a: 1 } }) });
    // @ts-expect-error -- not in a list
    defineAuthFlow({ create: async () => Promise.resolve({ headers: { a: 'b' }, origins: own }) });
  });

  test('may be nothing', () => {
    for (const created of [undefined, null, true, [], new Map(), { headers: {} }])
      expect(headersFrom(created, job)).toBeUndefined();
  });

  for (const [what, created] of [
    ['a misspelt name', { header: { a: 'b' } }],
    ['no headers', { headers: 'Authorization: x' }],
    ['a cookie', { headers: { Cookie: 'a=b' } }],
    ['a name with a line break', { headers: { 'a\r\nb': 'c' } }],
    ['a value with a line break', { headers: { a: 'secret\r\nb: c' } }],
    ['an empty value', { headers: { a: '' } }],
    ['a value that is no text', { headers: { a: 1 } }],
    ['a text that is no origin', { headers: { a: 'b' }, origins: ['app.example'] }],
    ['a file as origin', { headers: { a: 'b' }, origins: ['file:///etc'] }],
    ['no origin', { headers: { a: 'b' }, origins: [] }],
  ] as const)
    test(`is refused with ${what}, without a value in the message`, () => {
      const refused = () => headersFrom(created, job);
      expect(refused).toThrow(expect.objectContaining({ code: 'ERR_HEADERS_INVALID' }));
      expect(refused).toThrow(/^(?!.*secret)/s);
    });

  test('needs origins where no base URL is known', () => {
    const session = declareSession({ baseURL: undefined });
    expect(() => headersFrom({ headers: { a: 'b' } }, { ...job, session })).toThrow(
      expect.objectContaining({ code: 'ERR_HEADERS_INVALID' }),
    );
  });
});

function jwt(exp: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part({ exp })}.c2lnbmF0dXJl`;
}
