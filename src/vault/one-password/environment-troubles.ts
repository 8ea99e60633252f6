import type { Trouble } from './trouble.js';

/** The SDK has no text for it. */
export const inactiveEnvironment = 'Environment is not active';

const checkId = 'Check the ID in 1Password: Manage environment > Copy environment ID.';
const giveAccess = `${checkId} Give the service account or the workload access to this Environment.`;

/** Errors of the SDK about an Environment. */
export const environmentTroubles: readonly (readonly [RegExp, Trouble])[] = [
  [
    /Environment was not found|environment couldn't be found/,
    {
      code: 'ERR_VAULT_NOT_FOUND',
      explanation: {
        failed: 'The vault credential can see no Environment of this ID.',
        known: 'It was deleted, belongs to another account, or is not shared with this credential.',
        next: giveAccess,
      },
    },
  ],
  [
    /ID does not correspond to an Environment|invalid environment UUID/,
    {
      code: 'ERR_VAULT_NOT_FOUND',
      explanation: {
        failed: 'Its ID is not the ID of an Environment.',
        known: 'It may be the ID of a vault.',
        next: `${checkId} For an item of a vault, write op://vault/item/field.`,
      },
    },
  ],
  [
    /Environment: right permissions/,
    {
      code: 'ERR_VAULT_DENIED',
      explanation: {
        failed: '1Password denied access to the Environment.',
        next: 'Give the service account or the workload read access to it in 1Password.',
      },
    },
  ],
  [
    /no credential broker configuration found for environment/,
    {
      code: 'ERR_VAULT_DENIED',
      explanation: {
        failed: 'The workload has no access to this Environment.',
        next: 'Add the Environment to the workload in 1Password, or check its ID.',
      },
    },
  ],
  [
    new RegExp(inactiveEnvironment),
    {
      code: 'ERR_VAULT_NOT_FOUND',
      explanation: {
        failed: 'Its Environment is archived or deleted.',
        next: 'Restore the Environment in 1Password, or use another one.',
      },
    },
  ],
  [
    /Environment appears to be corrupted/,
    {
      code: 'ERR_VAULT_NOT_FOUND',
      explanation: {
        failed: '1Password reports its Environment as corrupted.',
        next: 'Open the Environment in 1Password. If it looks right, create a new one with the same variables.',
      },
    },
  ],
  [
    // The SDK says this of any other failure, of the network too.
    /unexpected error occurr?ed while (?:processing the request|fetching the Environment)/,
    {
      code: 'ERR_VAULT_FAILED',
      explanation: {
        failed: '1Password could not read the Environment.',
        known: 'It gave no details.',
        next: 'Run again. If it fails again, open the Environment in 1Password.',
      },
      vague: true,
    },
  ],
];
