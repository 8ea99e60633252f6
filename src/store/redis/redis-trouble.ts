import { AuthSessionsError } from '../../core/errors.js';

/** What is known of a failed command by its kind alone: texts of servers and clients hold addresses and names. */
export interface RedisTrouble {
  /** Whether the same command may be answered a moment later. */
  readonly passing: boolean;
  readonly error: AuthSessionsError;
}

export function explainRedisError(error: unknown): RedisTrouble {
  if (error instanceof AuthSessionsError) return { passing: false, error };
  const word = wordOf(error instanceof Error ? error.message : '');
  const lasting = word === undefined ? undefined : lastingReplies[word];
  if (lasting) return { passing: false, error: new AuthSessionsError(lasting.code, lasting) };
  if (word !== undefined && !passingReplies.has(word) && isReply(error))
    return { passing: false, error: refused(word) };
  const code = codeOf(error);
  if (code !== undefined && /CERT|TLS|SSL|VERIFY/.test(code))
    return { passing: false, error: untrusted(code) };
  return { passing: true, error: unreachable(word ?? code) };
}

/** Before Redis 7, `ERR` wraps what a command in a script answers. */
function wordOf(message: string): string | undefined {
  const word = /^-?([A-Z]{2,})\b/.exec(message)?.[1];
  if (word !== 'ERR') return word;
  const [, inner] = /^-?ERR Error running script .*?@user_script: ?\d+: (.*)$/s.exec(message) ?? [];
  if (inner === undefined) return word;
  if (/The user executing the script can't (?:run|access) /.test(inner)) return 'NOPERM';
  return /^(?:@user_script: ?\d+: )?-([A-Z]{2,})\b/.exec(inner)?.[1] ?? word;
}

function isReply(error: unknown): boolean {
  return (
    error instanceof Error &&
    !('syscall' in error) &&
    /^(SimpleError|BlobError|ErrorReply)$/.test(error.constructor.name)
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[A-Z0-9_]{1,60}$/.test(error.code)
    ? error.code
    : undefined;
}

function unreachable(word: string | undefined): AuthSessionsError {
  return new AuthSessionsError('ERR_STORE_UNREACHABLE', {
    failed: 'The session store (Redis) does not answer.',
    known:
      word === undefined
        ? 'It was tried several times.'
        : `It was tried several times; the last answer was ${word}.`,
    next: "Start Redis, or check the address in AUTH_SESSIONS_STORE_URL. Set store.whenStoreUnavailable to 'local' to run without it.",
  });
}

function untrusted(code: string): AuthSessionsError {
  return new AuthSessionsError('ERR_STORE_UNREACHABLE', {
    failed: 'The TLS connection to the session store (Redis) was refused.',
    known: `Its certificate is not trusted here (${code}).`,
    next: 'Set store.caFile to the PEM file of the authority that signed it, and use the host name of the certificate.',
  });
}

function refused(word: string): AuthSessionsError {
  return new AuthSessionsError('ERR_STORE_UNWRITABLE', {
    failed: 'The session store (Redis) refused a command.',
    known: `It answered ${word}. Redis 6.2 or later, or Valkey, is needed.`,
    next: 'Run: npx playwright-auth-sessions doctor',
  });
}

const login = {
  code: 'ERR_STORE_UNREACHABLE',
  failed: 'The session store (Redis) refused the user or the password.',
  next: 'Correct the user and the password in AUTH_SESSIONS_STORE_URL.',
} as const;

const full = {
  code: 'ERR_STORE_UNWRITABLE',
  failed: 'The session store (Redis) is full.',
  known: 'Its maxmemory is reached. Nothing stored was changed.',
  next: 'Raise maxmemory, or remove what is not needed from this Redis.',
} as const;

const lastingReplies: Readonly<
  Record<
    string,
    { code: 'ERR_STORE_UNREACHABLE' | 'ERR_STORE_UNWRITABLE'; failed: string; known?: string; next: string }
  >
> = {
  OOM: full,
  WRONGPASS: login,
  NOAUTH: { ...login, known: 'It asks for a password.' },
  NOPERM: {
    code: 'ERR_STORE_UNWRITABLE',
    failed: 'The session store (Redis) refused a command.',
    known: 'Its user may not run a command, or not use the keys of this project.',
    next: 'Give the user the commands and keys that docs/stores.md lists.',
  },
  MISCONF: {
    code: 'ERR_STORE_UNWRITABLE',
    failed: 'The session store (Redis) takes no writes.',
    known: 'It cannot save its data to disk (MISCONF).',
    next: 'Fix the disk of the Redis server.',
  },
  MOVED: {
    code: 'ERR_STORE_UNREACHABLE',
    failed: 'The session store is a Redis Cluster.',
    known: 'A node answered that another one has the keys.',
    next: 'Set store.cluster to true.',
  },
};

/** While it loads, fails over, or moves slots. */
const passingReplies = new Set([
  'LOADING',
  'CLUSTERDOWN',
  'MASTERDOWN',
  'READONLY',
  'TRYAGAIN',
  'BUSY',
  'NOREPLICAS',
  'UNBLOCKED',
]);
