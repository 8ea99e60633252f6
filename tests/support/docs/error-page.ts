import { errorAdvice } from '../../../src/core/error-advice.js';

/** `docs/errors.md`: every code with its cause and its cure, from the code that knows them. */
export function formatErrorPage(): string {
  const entries = Object.entries(errorAdvice).map(
    ([code, { means, next }]) => `### ${code}\n\n${means}\n\n${next}\n`,
  );
  return `# Error codes

Every failure has a code that never changes its meaning. Its message tells it for the session and the reference at hand:
what failed; what is known; what to do. Here is what each means in general, and its cure.

\`\`\`ts
import { AuthSessionsError } from 'playwright-auth-sessions';
if (error instanceof AuthSessionsError && error.code === 'ERR_CREDENTIALS_REJECTED') …
\`\`\`

${entries.join('\n')}
This page is made of \`src/core/error-advice.ts\`: \`npm run docs\`.
`;
}
