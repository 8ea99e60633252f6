import type { createClient, DesktopAuth as SdkDesktopAuth } from '@1password/sdk';
import { AuthSessionsError } from '../../core/errors.js';
import type { SecretValue } from '../../core/secret-value.js';

/** As whom 1Password is asked. */
export type OnePasswordAuth = ServiceAccountAuth | DesktopAuth | WorkloadAuth;

export interface ServiceAccountAuth {
  readonly kind: 'service-account';
  readonly token: SecretValue;
  /** For a token that is refused: what its file has now. Known to the redactor; `undefined` where there is none. */
  readonly reread?: (() => SecretValue | undefined) | undefined;
}

/** A person at their desk: the 1Password app asks them to allow it. */
export interface DesktopAuth {
  readonly kind: 'desktop';
  /** The account's name, as at the top left of the app, or its ID. */
  readonly accountName: string;
}

/**
 * A job of GitHub Actions, which proves who it is by an OIDC token that the runner's own service gives it.
 * https://docs.github.com/actions/reference/security/oidc
 */
export interface WorkloadAuth {
  readonly kind: 'workload';
  readonly workloadUuid: string;
  /** 1Password's integration key: what opens the workload's keys. */
  readonly customerManagedSecret: SecretValue;
  /** `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly oidcRequest: { readonly url: string; readonly token: SecretValue };
}

type SdkAuth = Omit<Parameters<typeof createClient>[0], 'integrationName' | 'integrationVersion'>;

/** What the SDK takes for it. Its class is handed in, as the SDK is loaded on first use. */
export function toSdkAuth(
  auth: OnePasswordAuth,
  sdk: { readonly DesktopAuth: typeof SdkDesktopAuth },
): SdkAuth {
  if (auth.kind === 'service-account') return { auth: auth.token.reveal() };
  if (auth.kind === 'desktop') return { auth: new sdk.DesktopAuth(auth.accountName) };
  return {
    oidcFetcher: (audience) => fetchOidcToken(auth, audience),
    workloadDetails: {
      workloadUuid: auth.workloadUuid,
      // 0.5.0 does not take the padding that 1Password shows the key with.
      customerManagedSecret: auth.customerManagedSecret.reveal().replace(/=+$/, ''),
    },
  };
}

/**
 * Which of the SDK's requests are this credential's: a service account's token names its device, and so does every
 * request. `undefined` where that cannot be known beforehand.
 */
export function deviceOf(auth: OnePasswordAuth): string | undefined {
  if (auth.kind !== 'service-account') return undefined;
  try {
    const text = Buffer.from(auth.token.reveal().replace(/^ops_/, ''), 'base64url').toString();
    return (JSON.parse(text) as { deviceUuid?: string }).deviceUuid;
  } catch {
    return undefined; // the SDK says what is wrong with it, before any request
  }
}

async function fetchOidcToken({ oidcRequest }: WorkloadAuth, audience: string): Promise<string> {
  const { url, token } = oidcRequest;
  const response = await fetch(`${url}&audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `Bearer ${token.reveal()}` },
    signal: AbortSignal.timeout(oidcTimeoutMs),
  });
  const answer: unknown = response.ok ? await response.json() : undefined;
  const value = typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new AuthSessionsError('ERR_VAULT_CREDENTIAL_INVALID', {
    failed: 'GitHub gave this job no OIDC token.',
    known: `Its token service answered with status ${response.status}.`,
    next: 'Give the job the permission "id-token: write".',
  });
}

const oidcTimeoutMs = 10_000;
