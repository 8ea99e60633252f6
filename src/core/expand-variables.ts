import { malformedReference, notAReference } from './reference-errors.js';

/** A reference with its `${VAR}` parts replaced. @throws AuthSessionsError `ERR_REFERENCE_INVALID` */
export function expandVariables(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = variables[name];
    if ((value === undefined || value === '') && !looksLikeReference(text)) throw notAReference();
    if (value === undefined || value === '')
      throw malformedReference(
        text,
        `The environment variable "${name}" in it is not set.`,
        `set ${name}, or write the name`,
      );
    return value;
  });
}

/** Whether it is meant to be a reference, and so is no secret to hide. */
export function looksLikeReference(text: string): boolean {
  return /^\s*op(?:-env)?:\/\//i.test(text);
}
