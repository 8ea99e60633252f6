import { Secrets } from '@1password/sdk';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { AuthSessionsError } from '../../src/core/errors.js';
import { parseLogin, parseSecretReference, referenceIdentity } from '../../src/core/secret-reference.js';

const seed = 20_300_101;
const copyHint = 'Copy it with "Copy Secret Reference" in 1Password. [ERR_REFERENCE_INVALID]';

test.describe('a secret reference', () => {
  test('is a vault, an item and a field', () => {
    expect(parseSecretReference('op://qa/acme admin/password')).toEqual({
      source: 'item',
      text: 'op://qa/acme admin/password',
      vault: 'qa',
      item: 'acme admin',
      section: undefined,
      field: 'password',
      kind: 'value',
    });
  });

  test('may name a section', () => {
    expect(parseSecretReference('op://qa/acme/Sign in/password')).toMatchObject({
      section: 'Sign in',
      field: 'password',
    });
  });

  for (const [query, kind] of [
    ['attribute=otp', 'totp'],
    ['attribute=totp', 'totp'],
    ['ssh-format=openssh', 'ssh-key'],
  ] as const)
    test(`gives a ${kind} with ?${query}`, () => {
      const text = `op://qa/acme/one-time password?${query}`;
      expect(parseSecretReference(text)).toMatchObject({ text, kind, field: 'one-time password' });
    });

  test('has its variables expanded', () => {
    const variables = { VAULT: 'qa', ITEM: 'acme', REST: 'item/field' };
    expect(parseSecretReference('op://${VAULT}/${ITEM}-admin/password', variables)).toMatchObject({
      text: 'op://qa/acme-admin/password',
      vault: 'qa',
      item: 'acme-admin',
    });
    expect(parseSecretReference('op://${VAULT}/${REST}', variables)).toMatchObject({ field: 'field' });
    expect(parseSecretReference('${WHOLE}', { WHOLE: 'op://qa/acme/password' })).toMatchObject({
      item: 'acme',
    });
  });
});

test.describe('is no secret reference, and the message says why:', () => {
  for (const [text, known, wanted = 'op://vault/item/field'] of [
    ['op://qa/acme', 'It has 2 parts, not 3 or 4.', 'op://vault/item/[section/]field'],
    ['op://', 'It has 1 parts, not 3 or 4.', 'op://vault/item/[section/]field'],
    ['op://qa/a/b/c/d', 'It has 5 parts, not 3 or 4.', 'op://vault/item/[section/]field'],
    ['op://qa//password', 'One of its parts is empty.', 'op://vault/item/[section/]field'],
    ['op://qa/acme/', 'One of its parts is empty.', 'op://vault/item/[section/]field'],
    ['op://qa/acme//password', 'One of its parts is empty.', 'op://vault/item/[section/]field'],
    ['op:///acme/password', 'One of its parts is empty.', 'op://vault/item/[section/]field'],
    ['op://qa/./password', '"." is not a name.'],
    ['op://qa/../password', '".." is not a name.'],
    ['op://qa/acme /password', 'One of its parts begins or ends with a space.'],
    ['op://qa/acme/ password', 'One of its parts begins or ends with a space.'],
    ['op://qa/acme/pass\tword', '1Password does not allow "\t" in a reference.', 'for names'],
    ['op://qa/acmé/password', '1Password does not allow "é" in a reference.', 'for names'],
    ['op://qa/🔑/password', '1Password does not allow "🔑" in a reference.', 'for names'],
    ['op://qa/acme/pass:word', '1Password does not allow ":" in a reference.', 'for names'],
    ['op://qa/acme/$PASSWORD', '1Password does not allow "$" in a reference.', 'for names'],
    ['op://qa/${ITEM', '2 parts'],
    ['op://qa/${ITEM/password', '1Password does not allow "$" in a reference.', 'for names'],
    ['op://${VAULT}/acme/password', 'The environment variable "VAULT" in it is not set.', 'set VAULT'],
    ['op://${EMPTY}/acme/password', 'The environment variable "EMPTY" in it is not set.', 'set EMPTY'],
    ['op://${}/acme/password', 'The environment variable "" in it is not set.', 'set '],
    ['OP://qa/acme/password', 'The scheme must come first, in lower case.'],
    [' op://qa/acme/password', 'The scheme must come first, in lower case.'],
    ['op://qa/acme/otp?attribute=otp?attribute=otp', 'It has more than one "?".'],
    ['op://qa/acme/otp?attribute=OTP', '"?attribute=OTP" is not a known query.', '?attribute=otp or'],
    ['op://qa/acme/otp?Attribute=otp', '"?Attribute=otp" is not a known query.', '?attribute=otp or'],
    ['op://qa/acme/otp?', '"?" is not a known query.', '?attribute=otp or'],
    ['op://qa/acme/key?ssh-format=pem', '"?ssh-format=pem" is not a known query.', '?attribute=otp or'],
    ['op://qa/acme/key?attribute=type', `"attribute=type" works only in 1Password's command line.`, 'leave'],
    ['op://qa/acme/a?attribute=otp&x=1', '"?attribute=otp&x=1" is not a known query.', '?attribute=otp or'],
  ] as const)
    test(JSON.stringify(text), () => {
      const error = errorOf(text, { EMPTY: '' });
      expect(error).toMatchObject({ code: 'ERR_REFERENCE_INVALID', reference: text });
      expect(error.explanation.failed).toBe(`Secret reference ${JSON.stringify(text)} is malformed.`);
      expect(error.explanation.known).toContain(known);
      expect(error.explanation.next).toContain(wanted === 'op://vault/item/field' ? '' : wanted);
      expect(error.message).toContain(copyHint);
    });

  test('a whole message', () => {
    expect(errorOf('op://qa//password').message).toBe(
      'Secret reference "op://qa//password" is malformed. One of its parts is empty. ' +
        `Expected: op://vault/item/[section/]field. ${copyHint}`,
    );
  });
});

test.describe('text in the place of a reference', () => {
  const secrets = [
    'hunter2',
    '',
    'ops_eyJ',
    'https://u:p@host/',
    'hunter2${HOME}',
    '${UNSET}',
    'p/a/ss',
    'op:/a/b/c',
  ];
  for (const text of secrets)
    test(`is never quoted: ${JSON.stringify(text)}`, () => {
      const error = errorOf(text);
      expect(error.reference).toBeUndefined();
      expect(error.message).toBe(
        'A parameter is not a secret reference. It does not begin with "op://" or "op-env://". It is not shown, ' +
          'because it may be a secret. Write where the value is, not the value itself: op://vault/item/field. If it was a ' +
          'secret, change it now. [ERR_REFERENCE_INVALID]',
      );
    });

  test("is never quoted, nor is a variable's value", () => {
    const secret = fc
      .string({ minLength: 6, unit: 'binary' })
      .filter((text) => !/^\s*op(?:-env)?:\/\//i.test(text));
    fc.assert(
      fc.property(secret, (text) => {
        const marked = `S3CR3T${text}`;
        const messages = [
          errorOf(marked).message,
          errorOf('${WHOLE}', { WHOLE: marked }).message,
          errorOf('op://qa/${ITEM}', { ITEM: marked.replaceAll('/', '') }).message,
        ];
        expect(messages.join('\n')).not.toContain('S3CR3T');
      }),
      { seed },
    );
  });
});

test("accepts nothing that 1Password's own SDK would reject", () => {
  const part = fc.stringMatching(/^[A-Za-z0-9_.-]([A-Za-z0-9_. -]{0,10}[A-Za-z0-9_.-])?$/);
  const query = fc.constantFrom(
    '',
    '?attribute=otp',
    '?attribute=totp',
    '?ssh-format=openssh',
    '?attribute=type',
  );
  const likely = fc
    .tuple(fc.array(part, { minLength: 2, maxLength: 5 }), query)
    .map(([parts, end]) => `op://${parts.join('/')}${end}`);
  const odd = fc.tuple(likely, fc.nat(60), fc.string({ unit: 'binary', maxLength: 3 }));
  const edited = odd.map(([text, at, added]) => text.slice(0, at) + added + text.slice(at));
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(likely, edited), (text) => {
      try {
        parseSecretReference(text);
      } catch {
        return;
      }
      accepted += 1;
      expect(() => Secrets.validateSecretReference(text)).not.toThrow();
    }),
    { numRuns: 1000, seed },
  );
  expect(accepted).toBeGreaterThan(100);
});

test.describe('two references', () => {
  test('are the same in any case, and for either attribute of a code', () => {
    const one = parseSecretReference('op://QA/Acme/One-Time Password?attribute=otp');
    const other = parseSecretReference('op://qa/acme/one-time password?attribute=totp');
    expect(referenceIdentity(one)).toBe(referenceIdentity(other));
  });

  test('differ with each of their parts', () => {
    const texts = [
      'a/b/c',
      'x/b/c',
      'a/x/c',
      'a/b/x',
      'a/b/s/c',
      'a/b/c?attribute=otp',
      'a/b/c?ssh-format=openssh',
    ];
    const all = texts.map((text) => referenceIdentity(parseSecretReference(`op://${text}`)));
    expect(new Set(all).size).toBe(texts.length);
  });
});

function errorOf(text: string, variables: Record<string, string> = {}): AuthSessionsError {
  try {
    parseSecretReference(text, variables);
  } catch (error) {
    if (error instanceof AuthSessionsError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} was accepted`);
}

test.describe('a login', () => {
  test('is the username, the password and the code of an item', () => {
    expect(parseLogin('op://${VAULT}/acme admin', { VAULT: 'qa' })).toEqual({
      username: {
        ...{ source: 'item', vault: 'qa', item: 'acme admin', section: undefined, field: 'username' },
        ...{ text: 'op://qa/acme admin/username', kind: 'value', purpose: 'username' },
      },
      password: {
        ...{ source: 'item', vault: 'qa', item: 'acme admin', section: undefined, field: 'password' },
        ...{ text: 'op://qa/acme admin/password', kind: 'value', purpose: 'password' },
      },
      totp: {
        ...{
          source: 'item',
          vault: 'qa',
          item: 'acme admin',
          section: undefined,
          field: 'one-time password',
        },
        ...{ text: 'op://qa/acme admin/one-time password?attribute=otp', kind: 'totp', purpose: 'totp' },
      },
    });
  });

  test('has the identity, and so the time steps, of a reference to the usual field', () => {
    const usual = parseSecretReference('op://qa/acme/One-Time Password?attribute=totp');
    expect(referenceIdentity(parseLogin('op://QA/Acme').totp)).toBe(referenceIdentity(usual));
  });

  test('may have a title that no reference can have', () => {
    for (const title of ['Acmé (prod) #1', '\u{1f511}', 'a:b&c$d'])
      expect(parseLogin(`op://qa/${title}`).password.item).toBe(title);
  });

  for (const [text, known] of [
    ['op://qa/acme/password', 'A login names a whole item.'],
    ['op://qa', 'A login names a whole item.'],
    ['op://qa/acme?attribute=otp', 'A login names a whole item.'],
    ['op://qa/', 'One of its parts is empty.'],
    ['op:///acme', 'One of its parts is empty.'],
    ['op://qa/..', '".." is not a name.'],
    ['op://qa/ acme', 'One of its parts begins or ends with a space.'],
    ['op://qa/${NOTHING}', 'The environment variable "NOTHING" in it is not set.'],
    ['OP://qa/acme', 'The scheme must come first, in lower case.'],
  ] as const)
    test(`is not ${JSON.stringify(text)}`, () => {
      let error: unknown;
      try {
        parseLogin(text);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ code: 'ERR_REFERENCE_INVALID', reference: text, explanation: { known } });
    });

  test('is never quoted where a value stands in its place', () => {
    expect(() => parseLogin('hunter2-the-password')).toThrow(/^A parameter is not a secret reference/);
    expect(() => parseLogin('hunter2-the-password')).not.toThrow(/hunter2/);
  });
});

test.describe('a reference to a variable of an Environment', () => {
  const id = 'blgexucrwfr2dtsxe2q4uu7dp4';

  test('has the ID of the Environment and the name of the variable', () => {
    expect(parseSecretReference(`op-env://${id.toUpperCase()}/ADMIN_PASSWORD`)).toEqual({
      source: 'environment',
      text: `op-env://${id.toUpperCase()}/ADMIN_PASSWORD`,
      environment: id,
      variable: 'ADMIN_PASSWORD',
      kind: 'value',
    });
  });

  test('gives a code with ?attribute=otp', () => {
    for (const attribute of ['otp', 'totp'])
      expect(parseSecretReference(`op-env://${id}/ADMIN_OTP?attribute=${attribute}`)).toMatchObject({
        variable: 'ADMIN_OTP',
        kind: 'totp',
      });
  });

  test('has its variables expanded', () => {
    const variables = { OP_ENVIRONMENT_ID: id };
    expect(parseSecretReference('op-env://${OP_ENVIRONMENT_ID}/ADMIN', variables)).toMatchObject({
      text: `op-env://${id}/ADMIN`,
      environment: id,
    });
  });

  test('has the identity of its Environment in any case and of its variable in this case', () => {
    const identity = (text: string) => referenceIdentity(parseSecretReference(text));
    expect(identity(`op-env://${id.toUpperCase()}/NAME`)).toBe(identity(`op-env://${id}/NAME`));
    const others = [`op-env://${id}/name`, `op-env://${id}/NAME?attribute=otp`, `op://op-env/${id}/NAME`];
    expect(new Set([`op-env://${id}/NAME`, ...others].map(identity)).size).toBe(4);
  });

  for (const [text, known, next] of [
    [`op-env://${id}`, 'It has 1 parts, not 2.', 'Expected: op-env://ENVIRONMENT_ID/NAME.'],
    [`op-env://${id}/a/b`, 'It has 3 parts, not 2.', 'Expected: op-env://ENVIRONMENT_ID/NAME.'],
    [`op-env://${id}/`, 'One of its parts is empty.', 'Expected: op-env://ENVIRONMENT_ID/NAME.'],
    [`op-env://${id}/ A`, 'begins or ends with a space', 'Expected: op-env://ENVIRONMENT_ID/NAME.'],
    ['op-env://production/A', '"production" is not the ID of an Environment', 'Copy environment ID'],
    [`op-env://${id}/A?ssh-format=openssh`, 'A variable has no SSH key format.', '[?attribute=otp]'],
    [`OP-ENV://${id}/A`, 'The scheme must come first, in lower case.', 'Expected:'],
    ['op-env://${ID}/A', 'The environment variable "ID" in it is not set.', 'set ID'],
  ] as const)
    test(`is not ${JSON.stringify(text)}`, () => {
      const error = errorOf(text);
      expect(error).toMatchObject({ code: 'ERR_REFERENCE_INVALID', reference: text });
      expect(error.explanation.known).toContain(known);
      expect(error.explanation.next).toContain(next);
    });

  test('is no login', () => {
    expect(() => parseLogin(`op-env://${id}/ADMIN`)).toThrow('A login names a whole item.');
  });
});
