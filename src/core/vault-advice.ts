import type { ErrorAdvice, VaultErrorCode } from './error-codes.js';

export const vaultAdvice: Readonly<Record<VaultErrorCode, ErrorAdvice>> = {
  ERR_ENVIRONMENT_MISSING: {
    means: 'The credential of a vault is missing.',
    next: 'Set the variable that the message names, usually OP_SERVICE_ACCOUNT_TOKEN, or set whenMissing.',
  },
  ERR_SECRET_MISSING: {
    means: 'An environment variable that redact.environment requires is not set.',
    next: 'Set it where the run starts, or drop required.',
  },
  ERR_VAULT_CREDENTIAL_INVALID: {
    means: '1Password, or another vault, rejected its credential.',
    next: 'Create a new one, such as a service account token, and set it where the run starts.',
  },
  ERR_VAULT_APP_UNAVAILABLE: {
    means: 'The 1Password app is not installed, is locked, or did not allow access.',
    next: 'Unlock the app and run again, or set OP_SERVICE_ACCOUNT_TOKEN.',
  },
  ERR_VAULT_DENIED: {
    means: 'The vault credential has no access to what a reference names.',
    next: 'Give the service account or the workload read access to that vault or Environment.',
  },
  ERR_VAULT_NOT_FOUND: {
    means: 'A reference names a vault, item or field, or an Environment or variable, that does not exist.',
    next: 'Check its spelling, or copy the reference from 1Password.',
  },
  ERR_VAULT_AMBIGUOUS: {
    means: 'A reference matches more than one vault, item, field or variable.',
    next: 'Use IDs instead of names, or rename one of them.',
  },
  ERR_VALUE_UNUSABLE: {
    means:
      'A reference has a value that cannot be used: a file of bytes, too large, or of a type that is not read.',
    next: 'Add ?encoding=base64 for a file that is not text. Otherwise refer to another field or file.',
  },
  ERR_VAULT_RATE_LIMITED: {
    means: 'The account has reached a rate limit of 1Password, or of another vault.',
    next: 'Wait as long as the message says. Keep sessions stored, so that runs send fewer requests. What 1Password still allows: op service-account ratelimit.',
  },
  ERR_VAULT_UNREACHABLE: {
    means: '1Password, or another vault, could not be reached, or did not answer in time.',
    next: 'Check the network and the proxy between the run and the vault.',
  },
  ERR_VAULT_UNTRUSTED: {
    means: 'The response is not from 1Password.',
    next: 'Check the network and the proxy between the run and 1Password.',
  },
  ERR_VAULT_BUDGET_SPENT: {
    means: 'The run has reached its limit of vault requests, maxVaultRequests.',
    next: 'Find out what signs in so often, or raise the limit. What 1Password still allows: op service-account ratelimit.',
  },
  ERR_VAULT_FAILED: {
    means: '1Password returned an unrecognized error, or a function of defineVault failed.',
    next: 'Run again. If it fails again, report it with its message. Test your own vault with testVault.',
  },
  ERR_LEAST_PRIVILEGE: {
    means: 'The vault credential has more access than the sessions need.',
    next: 'Create a service account with read access to one vault only.',
  },
  ERR_LOCAL_FILE_INVALID: {
    means: 'The local credentials file cannot be read, or a line of it is invalid.',
    next: 'Fix what the message names.',
  },
  ERR_LOCAL_CREDENTIAL_MISSING: {
    means: 'A key is missing in the local credentials file.',
    next: 'Add the keys that the message names.',
  },
  ERR_TOTP_SEED_INVALID: {
    means: 'A one-time password is neither a Base32 seed nor an otpauth URI.',
    next: 'Copy the seed from the application again: Base32, or an otpauth://totp/… URI. The error says where to write it.',
  },
  ERR_TOTP_NOT_DECLARED: {
    means:
      'A flow or a test asked for a one-time code, but the session has no reference for it, or its login has none.',
    next: "Add a one-time password to the item of its login, or to its parameters: otp: 'op://vault/item/one-time password?attribute=otp'.",
  },
  ERR_TOTP_UNAVAILABLE: {
    means: 'No unused code with enough time left was available.',
    next: 'Check the period of the code and codes.minRemainingSeconds.',
  },
  ERR_TOTP_MISMATCH: {
    means: 'A one-time code does not have the number of digits that the session declares.',
    next: 'Fix totp.digits of the session, or the one-time password in the vault.',
  },
};
