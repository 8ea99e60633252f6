import { parseSecretReference } from '../../core/secret-reference.js';
import { localKey } from '../../vault/local/local-key.js';
import { referencesFor, type InitAnswers } from './answers.js';
import { packageName, type SurveyedProject } from './survey-project.js';

type Written = Pick<SurveyedProject, 'language' | 'syntax' | 'extension'>;

/** Who there is: references, never values. */
export function sessionsFileText(answers: InitAnswers, written: Written): string {
  const { syntax, language, extension } = written;
  const flowFile = `./sign-in.${extension.replace('ts', 'js')}`;
  const lines = [
    ...(syntax === 'import'
      ? [`import { defineAuthSessions } from '${packageName}';`, `import signIn from '${flowFile}';`]
      : [
          `const { defineAuthSessions } = require('${packageName}');`,
          `const signIn = require('${flowFile}');`,
        ]),
    '',
    '/** Who there is: references, never values. */',
    `const authSessions = defineAuthSessions({`,
    ...(answers.ci === 'workload' ? workloadLines : []),
    '  sessions: {',
    ...answers.sessions.flatMap((name) => sessionLines(name, answers)),
    '  },',
    '});',
    '',
    syntax === 'import' ? 'export default authSessions;' : 'module.exports = authSessions;',
    ...(language === 'TypeScript' ? registerLines : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** How to sign in: a beginning, to be fitted to the application. */
export function flowText({ signInPath, code }: InitAnswers, { syntax }: Written): string {
  const names = 'CredentialsRejectedError, defineAuthFlow';
  const lines = [
    syntax === 'import'
      ? `import { ${names} } from '${packageName}';`
      : `const { ${names} } = require('${packageName}');`,
    '',
    '/** How to sign in. There is no secret in it. Fit the paths, labels and names to your application. */',
    `${syntax === 'import' ? 'export default' : 'module.exports ='} defineAuthFlow({`,
    `  async create({ page, credentials${code ? ', totp' : ''} }) {`,
    "    const refusal = page.getByRole('alert');",
    `    await page.goto(${quoted(signInPath)});`,
    "    await page.getByLabel('Email').fill(credentials.username);",
    "    await page.getByLabel('Password').fill(credentials.password);",
    "    await page.getByRole('button', { name: 'Continue' }).click();",
    ...(code ? codeLines : []),
    "    const signOut = page.getByRole('button', { name: 'Sign out' });",
    '    await signOut.or(refusal).first().waitFor();',
    '    // A refusal is told, and then never tried again: no account is locked.',
    '    if (await refusal.isVisible()) throw new CredentialsRejectedError(await refusal.innerText());',
    '  },',
    '',
    '  // Whether a stored session can be used again: something only who is signed in gets. Without it, sessions are',
    '  // used until they are twelve hours old.',
    '  // async check({ request }) {',
    "  //   return (await request.get('/api/me')).ok();",
    '  // },',
    '});',
  ];
  return `${lines.join('\n')}\n`;
}

/** Keys without values: to be copied, and filled in. */
export function envExampleText(answers: InitAnswers): string {
  const head = [
    '# Local test credentials: copy this file to .env.auth-sessions, which git ignores, and fill it in.',
    "# Quote values with ', or with ` where they have one. A one-time password is a Base32 seed or an otpauth://totp/… URI.",
  ];
  const keys = answers.sessions.flatMap((session) =>
    Object.values(referencesFor(session, answers)).map(
      (text) => `${localKey(parseSecretReference(text, {}))}=''`,
    ),
  );
  return `${[...head, '', ...keys].join('\n')}\n`;
}

function sessionLines(name: string, answers: InitAnswers): string[] {
  const parameters = Object.entries(referencesFor(name, answers)).map(
    ([parameter, reference]) => `        ${parameter}: ${quoted(reference)},`,
  );
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
  return [`    ${key}: {`, '      flow: signIn,', '      parameters: {', ...parameters, '      },', '    },'];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const codeLines = [
  "    const codeField = page.getByLabel('One-time code');",
  '    await codeField.or(refusal).first().waitFor();',
  '    if (await refusal.isVisible()) throw new CredentialsRejectedError(await refusal.innerText());',
  '    await codeField.fill(await totp()); // fresh, and never used before',
  "    await page.getByRole('button', { name: 'Verify' }).click();",
];

/** To be replaced by a person; doctor looks for it. */
export const workloadPlaceholder = 'the-uuid-of-your-workload';

const workloadLines = [
  '  // The identity of the job on GitHub Actions; OP_INTEGRATION_KEY has its integration key. Elsewhere it is not used.',
  `  onePassword: { auth: { workloadIdentity: { workloadUuid: '${workloadPlaceholder}' } } },`,
];

const registerLines = [
  '',
  '// A misspelt name of a session does not compile.',
  `declare module '${packageName}' {`,
  '  interface AuthSessionsRegister {',
  '    sessions: typeof authSessions;',
  '  }',
  '}',
];
