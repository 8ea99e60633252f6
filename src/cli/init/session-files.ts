import { localKey } from '../../vault/local/local-key.js';
import {
  environmentPlaceholder,
  isByLogin,
  loginFor,
  parametersOf,
  referencesFor,
  variablesFor,
  type InitAnswers,
} from './answers.js';
import { packageName, type SurveyedSuite } from './survey-suite.js';

type Written = Pick<SurveyedSuite, 'language' | 'syntax' | 'extension'>;

/** The sessions, by secret reference. */
export function sessionsFileText(answers: InitAnswers, written: Written): string {
  const { syntax, extension } = written;
  const lines = [
    importLine('{ defineAuthSessions }', packageName, syntax),
    ...flowsOf(answers).map((flow) =>
      importLine(flowVariable(flow), `./${flow}.${extension.replace('ts', 'js')}`, syntax),
    ),
    '',
    ...(answers.ci === 'workload'
      ? [...environmentLines, '/** The sessions, by the variables of an Environment. */']
      : ['/** The sessions, by the items of their logins. */']),
    `const authSessions = defineAuthSessions({`,
    ...(answers.ci === 'workload' ? workloadLines : []),
    '  sessions: {',
    ...answers.sessions.flatMap((name) => sessionLines(name, answers)),
    '  },',
    '});',
    '',
    syntax === 'import' ? 'export default authSessions;' : 'module.exports = authSessions;',
  ];
  return `${lines.join('\n')}\n`;
}

/** The names of the flows' files, without the extension. */
export function flowsOf({ moved }: InitAnswers): readonly string[] {
  return moved ? [...new Set(moved.map(({ flow }) => flow))] : [firstFlow];
}

function importLine(names: string, from: string, syntax: Written['syntax']): string {
  return syntax === 'import' ? `import ${names} from '${from}';` : `const ${names} = require('${from}');`;
}

/** `sign-in-admin`: `signInAdmin` */
function flowVariable(flow: string): string {
  return flow.replaceAll(/[^A-Za-z0-9]+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

/** A first flow, to adapt to the application. */
export function flowText({ signInPath, code }: InitAnswers, { syntax }: Written): string {
  const names = 'CredentialsRejectedError, defineAuthFlow';
  const lines = [
    syntax === 'import'
      ? `import { ${names} } from '${packageName}';`
      : `const { ${names} } = require('${packageName}');`,
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

/** Keys without values, to copy and fill in. */
export function envExampleText(answers: InitAnswers): string {
  const head = [
    '# Local test credentials: copy this file to .env.auth-sessions, which Git ignores, and fill it in.',
    "# Quote values with ', or with ` if they contain '. A one-time password is a Base32 seed or an otpauth://totp/… URI.",
  ];
  if (answers.ci === 'workload') return `${[...head, ...afterEnvironment].join('\n')}\n`;
  const keys = answers.sessions.flatMap((session) =>
    referencesFor(session, answers).map((reference) => `${localKey(reference)}=''`),
  );
  return `${[...head, '', ...keys].join('\n')}\n`;
}

function sessionLines(name: string, answers: InitAnswers): string[] {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
  const flow = flowVariable(answers.moved?.find((one) => one.name === name)?.flow ?? firstFlow);
  const isWorkload = answers.ci === 'workload';
  if (!isWorkload && isByLogin(name, answers))
    return [`    ${key}: { flow: ${flow}, login: ${quoted(loginFor(name, answers))} },`];
  const values: readonly (readonly [string, string])[] = isWorkload
    ? Object.entries(variablesFor(name, answers)).map(([one, variable]) => [
        one,
        `\`op-env://\${environment}/${variable}\``,
      ])
    : parametersOf(name, answers).map((one) => [one, quoted(`${loginFor(name, answers)}/${one}`)]);
  return [
    `    ${key}: {`,
    `      flow: ${flow},`,
    '      parameters: {',
    ...values.map(([parameter, reference]) => `        ${parameter}: ${reference},`),
    '      },',
    '    },',
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const firstFlow = 'sign-in';
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

/** To replace by hand; doctor looks for it. */
export const workloadPlaceholder = 'the-uuid-of-your-workload';

const workloadLines = [
  "  // The job's identity on GitHub Actions, with its integration key in OP_INTEGRATION_KEY. Not used elsewhere.",
  `  onePassword: { auth: { workloadIdentity: { workloadUuid: '${workloadPlaceholder}' } } },`,
];

const environmentLines = [
  '/** Its ID: in 1Password, Manage environment > Copy environment ID. */',
  `const environment = '${environmentPlaceholder}';`,
  '',
];

const afterEnvironment = [
  "# The keys have the Environment's ID in them: put it into the sessions file, then run",
  '# npx playwright-auth-sessions local init',
];
