import type { InitAnswers } from './answers.js';
import { quoted } from './quoted.js';
import { importLine } from './session-lines.js';
import { packageName, type SurveyedSuite } from './survey-suite.js';

/** A first flow, to adapt to the application. */
export function flowText(
  { signInPath, code }: InitAnswers,
  { syntax }: Pick<SurveyedSuite, 'syntax'>,
): string {
  const names = '{ CredentialsRejectedError, defineAuthFlow }';
  const lines = [
    importLine(names, packageName, syntax),
    '',
    '/** How to sign in. Adapt paths, labels and names to your application. */',
    `${syntax === 'import' ? 'export default' : 'module.exports ='} defineAuthFlow({`,
    `  async create({ page, credentials${code ? ', totp' : ''} }) {`,
    "    const refusal = page.getByRole('alert');",
    `    await page.goto(${quoted(signInPath)});`,
    "    await page.getByLabel('Email').fill(credentials.username);",
    "    await page.getByLabel('Password').fill(credentials.password);",
    "    await page.getByRole('button', { name: 'Continue' }).click();",
    "    const signOut = page.getByRole('button', { name: 'Sign out' });",
    ...(code ? codeLines : ['    await signOut.or(refusal).first().waitFor();']),
    '    // Rejected credentials are reported and never retried, so that the account is not locked.',
    refusalLine,
    '  },',
    '',
    '  // Whether a stored session is still signed in: request something that needs a sign-in. Without a check,',
    '  // sessions are used for twelve hours.',
    '  // async check({ request }) {',
    "  //   return (await request.get('/api/me')).ok();",
    '  // },',
    '});',
  ];
  return `${lines.join('\n')}\n`;
}

const refusalLine =
  '    if (await refusal.isVisible()) throw new CredentialsRejectedError(await refusal.innerText());';

const codeLines = [
  "    const codeField = page.getByLabel('One-time code');",
  '    await signOut.or(codeField).or(refusal).first().waitFor();',
  '    // Not every account has a second factor.',
  '    if (await codeField.isVisible()) {',
  '      await codeField.fill(await totp()); // fresh and unused',
  "      await page.getByRole('button', { name: 'Verify' }).click();",
  '      await signOut.or(refusal).first().waitFor();',
  '    }',
];
