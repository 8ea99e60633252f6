import { errorAdvice } from '../../../src/core/error-advice.js';

/** `docs/errors.md`: every code with its meaning and its fix, from the code. */
export function formatErrorPage(): string {
  const entries = Object.entries(errorAdvice).map(
    ([code, { means, next }]) => `### ${code}\n\n${means}\n\n${next}\n`,
  );
  return `# Error codes

Every error has a code that never changes its meaning. Its message names the session and the reference, and says what failed,
what is known, and what to do. This page says what each code means in general, and how to fix it. No message contains a secret.

\`\`\`ts
import { AuthSessionsError } from 'playwright-auth-sessions';
if (error instanceof AuthSessionsError && error.code === 'ERR_CREDENTIALS_REJECTED') …
\`\`\`

${entries.join('\n')}
\`npm run docs\` writes this page from \`src/core/error-advice.ts\`.
`;
}
