import type { SessionAccessOptions } from './session-options.js';
import type { AuthSessionsError } from './errors.js';
import { parseDeclared, refuseCode } from './parse-declared-reference.js';
import { inBase64, parseSecretReference, type SecretReference } from './secret-reference.js';

/** What a session's contexts prove who they are with on each connection or request, in a state. */
export interface SessionAccess {
  readonly httpCredentials?: readonly HttpCredentials[] | undefined;
  readonly clientCertificates?: readonly ClientCertificate[] | undefined;
}

export interface HttpCredentials {
  readonly origin: string;
  readonly username: string;
  readonly password: string;
  readonly send?: 'always' | 'unauthorized' | undefined;
}

/** A certificate and its key in PEM; or a PKCS #12 archive of both. */
export interface ClientCertificate {
  readonly origin: string;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** In Base64. */
  readonly pfx?: string | undefined;
  readonly passphrase?: string | undefined;
}

/** The same as declared: the values of its references are among the session's, under `nameOfValue`. */
export interface DeclaredAccess {
  readonly httpCredentials: readonly {
    readonly origin: string | undefined;
    readonly send: HttpCredentials['send'];
  }[];
  readonly clientCertificates: readonly { readonly origin: string | undefined }[];
}

/** The name of a value among those of a session: `httpCredentials[0].password`. */
export function nameOfValue(kind: keyof DeclaredAccess, index: number, field: string): string {
  return `${kind}[${index}].${field}`;
}

export interface ReadAccess {
  /** `undefined` if the session declares none. */
  readonly access: DeclaredAccess | undefined;
  readonly values: readonly (readonly [string, SecretReference])[];
}

/** Reads a validated declaration. Adds every problem with its references to `errors`. */
export function readAccess(
  session: string,
  declared: SessionAccessOptions,
  {
    variables,
    errors,
  }: {
    readonly variables: Readonly<Record<string, string | undefined>>;
    readonly errors: AuthSessionsError[];
  },
): ReadAccess {
  const lists = {
    httpCredentials: listOf(declared.httpCredentials),
    clientCertificates: listOf(declared.clientCertificates),
  };
  const values = kinds.flatMap((kind) =>
    lists[kind].flatMap((one, index) =>
      Object.entries<string | undefined>({ ...one })
        .filter(([field]) => referenceFields.has(field))
        .flatMap(([field, text]) => {
          const name = nameOfValue(kind, index, field);
          const place = { session, at: name, errors };
          const reference = parseDeclared(place, () => {
            const parsed = parseSecretReference(text ?? '', variables);
            return field === 'pfx' ? inBase64(parsed) : parsed;
          });
          return reference && !refuseCode(reference, place) ? [[name, reference] as const] : [];
        }),
    ),
  );
  if (values.length === 0) return { access: undefined, values };
  return {
    access: {
      httpCredentials: lists.httpCredentials.map((one) => ({ origin: one.origin, send: one.send })),
      clientCertificates: lists.clientCertificates.map((one) => ({ origin: one.origin })),
    },
    values,
  };
}

function listOf<One extends object>(given: One | readonly One[] | undefined): readonly One[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? (given as readonly One[]) : [given as One];
}

const kinds = ['httpCredentials', 'clientCertificates'] as const;
const referenceFields: ReadonlySet<string> = new Set([
  'username',
  'password',
  'cert',
  'key',
  'pfx',
  'passphrase',
]);
