import type { createClient, DesktopAuth as SdkDesktopAuth } from '@1password/sdk';
import { AuthSessionsError } from '../../core/errors.js';
import type { SecretValue } from '../../core/secret-value.js';

/** How to authenticate with 1Password. */
export type OnePasswordAuth = ServiceAccountAuth | DesktopAuth | WorkloadAuth;

export interface ServiceAccountAuth {
  readonly kind: 'service-account';
  readonly token: SecretValue;
  /** For a rejected token: the current one in its file, registered with the redactor. `undefined` if there is none. */
  readonly reread?: (() => SecretValue | undefined) | undefined;
}

/** A person on their machine: the 1Password app asks them for permission. */
export interface DesktopAuth {
  readonly kind: 'desktop';
  /** The account's name, as at the top left of the app, or its ID. */
  readonly accountName: string;
}

/**
 * A GitHub Actions job, which proves its identity with an OIDC token from the runner's service.
 * https://docs.github.com/actions/reference/security/oidc
 */
export interface WorkloadAuth {
  readonly kind: 'workload';
  readonly workloadUuid: string;
  /** 1Password's integration key, which decrypts the workload's keys. */
  readonly customerManagedSecret: SecretValue;
  /** `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly oidcRequest: { readonly url: string; readonly token: SecretValue };
}

type SdkAuth = Omit<Parameters<typeof createClient>[0], 'integrationName' | 'integrationVersion'>;

/**
 * Converts it for the SDK. The class is a parameter, because the SDK loads on first use. `onFailure` gets what the SDK
 * drops: why there is no OIDC token.
 */
export function toSdkAuth(
  auth: OnePasswordAuth,
  sdk: { readonly DesktopAuth: typeof SdkDesktopAuth },
  onFailure: (reason: unknown) => void = () => undefined,
): SdkAuth {
  if (auth.kind === 'service-account') return { auth: auth.token.reveal() };
  if (auth.kind === 'desktop') return { auth: new sdk.DesktopAuth(auth.accountName) };
  return {
    async oidcFetcher(audience) {
      try {
        return await fetchOidcToken(auth, audience);
      } catch (error) {
        onFailure(error);
        throw error;
      }
    },
    workloadDetails: {
      workloadUuid: auth.workloadUuid,
      // SDK 0.5.0 rejects the padding that 1Password shows in the key.
      customerManagedSecret: auth.customerManagedSecret.reveal().replace(/=+$/, ''),
    },
  };
}

/**
 * The device ID that identifies this credential's requests: a service account token names its device, and so does every
 * request. `undefined` if it is not known in advance.
 */
export function deviceOf(auth: OnePasswordAuth): string | undefined {
  if (auth.kind !== 'service-account') return undefined;
  try {
    const text = Buffer.from(auth.token.reveal().replace(/^ops_/, ''), 'base64url').toString();
    return (JSON.parse(text) as { deviceUuid?: string }).deviceUuid;
  } catch {
    return undefined; // the SDK reports what is wrong with it before any request
  }
}

async function fetchOidcToken({ oidcRequest }: WorkloadAuth, audience: string): Promise<string> {
  const { url, token } = oidcRequest;
  const response = await fetch(`${url}&audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `Bearer ${token.reveal()}` },
    signal: AbortSignal.timeout(oidcTimeoutMs),
  }).catch(() => {
    throw new Error('OIDC token service: fetch failed');
  });
  const answer: unknown = response.ok ? await response.json() : undefined;
  const value = typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new AuthSessionsError('ERR_VAULT_CREDENTIAL_INVALID', {
    failed: 'GitHub issued no OIDC token for this job.',
    known: `Its token service answered with status ${response.status}.`,
    next: 'Give the job the permission "id-token: write".',
  });
}

const oidcTimeoutMs = 10_000;
