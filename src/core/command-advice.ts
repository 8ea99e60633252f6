import type { ErrorAdvice, CommandErrorCode } from './error-codes.js';

export const commandAdvice: Readonly<Record<CommandErrorCode, ErrorAdvice>> = {
  ERR_USAGE: {
    means: 'A command got invalid arguments.',
    next: 'Run: npx playwright-auth-sessions COMMAND --help',
  },
  ERR_PLAYWRIGHT_MISSING: {
    means: '@playwright/test is not installed in the project.',
    next: 'Install the packages of the project.',
  },
  ERR_PLAYWRIGHT_CONFIG: {
    means: 'No Playwright config was found, or it cannot be loaded.',
    next: 'Run the command in the project, or name the config with --config. In a script: openAuthSessions({ config }).',
  },
  ERR_FILE_UNUSABLE: {
    means: 'A file or folder could not be used.',
    next: 'Check its permissions and the free disk space.',
  },
  ERR_UNEXPECTED: {
    means: 'An unexpected error occurred.',
    next: 'Run again. If it fails again, report it with its message.',
  },
};
