import { commandAdvice } from '../../../src/core/command-advice.js';
import { declarationAdvice } from '../../../src/core/declaration-advice.js';
import type { ErrorAdvice } from '../../../src/core/error-codes.js';
import { handOverAdvice } from '../../../src/core/hand-over-advice.js';
import { mailAdvice } from '../../../src/core/mail-advice.js';
import { signInAdvice } from '../../../src/core/sign-in-advice.js';
import { vaultAdvice } from '../../../src/core/vault-advice.js';

const topics: Readonly<Record<string, Readonly<Record<string, ErrorAdvice>>>> = {
  'What the project declares': declarationAdvice,
  'The vault, local credentials and codes': vaultAdvice,
  'Codes and links by mail': mailAdvice,
  'Signing in, and staying signed in': signInAdvice,
  'Storing sessions, and handing them to tests': handOverAdvice,
  'The command line': commandAdvice,
};

/** `docs/errors.md`: every code with its meaning and its fix, by topic, from the code. */
export function formatErrorPage(): string {
  return `# Error codes

Every error has a code that never changes its meaning. Its message names the session and the reference, and says what failed,
what is known, and what to do. This page says what each code means in general, and how to fix it. No message contains a secret.

\`\`\`ts
import { AuthSessionsError } from 'playwright-auth-sessions';
if (error instanceof AuthSessionsError && error.code === 'ERR_CREDENTIALS_REJECTED') …
\`\`\`

${Object.entries(topics)
  .map(([topic, advice]) => `## ${topic}\n\n${formatAdvice(advice)}`)
  .join('\n')}
\`npm run docs\` writes this page from the files of \`src/core\` that \`error-advice.ts\` puts together.
`;
}

function formatAdvice(advice: Readonly<Record<string, ErrorAdvice>>): string {
  return Object.entries(advice)
    .map(([code, { means, next }]) => `### ${code}\n\n${means}\n\n${next}\n`)
    .join('\n');
}
