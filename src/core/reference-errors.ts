import { AuthSessionsError } from './errors.js';

/** A reference that cannot be parsed. It is quoted: where a value is, is no secret. */
export function malformedReference(
  text: string,
  known: string,
  wanted = 'op://vault/item/field',
): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_REFERENCE_INVALID',
    {
      failed: `Secret reference ${JSON.stringify(text)} is malformed.`,
      known,
      next: /^\s*op-env:/i.test(text)
        ? `Expected: ${wanted}.`
        : `Expected: ${wanted}. Copy it with "Copy Secret Reference" in 1Password.`,
    },
    { reference: text },
  );
}

/** The text is not quoted: it may be the secret itself. */
export function notAReference(): AuthSessionsError {
  return new AuthSessionsError('ERR_REFERENCE_INVALID', {
    failed: 'A parameter is not a secret reference.',
    known: 'It does not begin with "op://" or "op-env://". It is not shown, because it may be a secret.',
    next: 'Write where the value is, not the value itself: op://vault/item/field. If it was a secret, change it now.',
  });
}

/** @throws AuthSessionsError `ERR_REFERENCE_INVALID` */
export function checkReferencePart(part: string, text: string, wanted: string): void {
  if (part === '') throw malformedReference(text, 'One of its parts is empty.', wanted);
  if (part === '.' || part === '..') throw malformedReference(text, `"${part}" is not a name.`, wanted);
  if (part.trim() !== part)
    throw malformedReference(text, 'One of its parts begins or ends with a space.', wanted);
}
