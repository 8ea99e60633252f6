import { localKey } from '../../vault/local/local-key.js';
import {
  connectionsOf,
  environmentPlaceholder,
  isInEnvironment,
  referencesFor,
  type InitAnswers,
} from './answers.js';
import { propertyName, quoted } from './quoted.js';
import { flowImport, flowsOf, importLine, sessionLines } from './session-lines.js';
import { packageName, type SurveyedSuite } from './survey-suite.js';

type Written = Pick<SurveyedSuite, 'language' | 'syntax' | 'extension'>;

/** The sessions, by secret reference. */
export function sessionsFileText(answers: InitAnswers, written: Written): string {
  const { syntax } = written;
  const lines = [
    importLine('{ defineAuthSessions }', packageName, syntax),
    ...flowsOf(answers).map((flow) => flowImport(flow, written)),
    '',
    ...(isAnyInEnvironment(answers) ? environmentLines : []),
    heads[answers.source],
    `const authSessions = defineAuthSessions({`,
    ...optionLines(answers),
    '  sessions: {',
    ...answers.sessions.flatMap((name) => sessionLines(name, answers)),
    '  },',
    '});',
    '',
    syntax === 'import' ? 'export default authSessions;' : 'module.exports = authSessions;',
  ];
  return `${lines.join('\n')}\n`;
}

function isAnyInEnvironment(answers: InitAnswers): boolean {
  return answers.sessions.some((session) => isInEnvironment(session, answers));
}

function optionLines(answers: InitAnswers): string[] {
  const { source, desktopAccount } = answers;
  const isWorkload = isAnyInEnvironment(answers);
  const auth = [
    ...(desktopAccount === undefined ? [] : [`desktopAccount: ${quoted(desktopAccount)}`]),
    ...(isWorkload ? [`workloadIdentity: { workloadUuid: '${workloadPlaceholder}' }`] : []),
  ];
  const vaults = connectionsOf(answers).filter((name) => name !== undefined);
  return [
    ...(source === 'local' ? localLines : []),
    ...(desktopAccount === undefined ? [] : [appLine]),
    ...(isWorkload ? [workloadLine] : []),
    ...(auth.length > 0 ? [`  onePassword: { auth: { ${auth.join(', ')} } },`] : []),
    ...(vaults.length > 0
      ? [`  vaults: { ${vaults.map((name) => `${propertyName(name)}: {}`).join(', ')} },`]
      : []),
  ];
}

/** Keys without values, to copy and fill in. */
export function envExampleText(answers: InitAnswers): string {
  const head = [
    '# Local test credentials: copy this file to .env.auth-sessions, which Git ignores, and fill it in.',
    "# Quote values with ', or with ` if they contain '. A one-time password is a Base32 seed or an otpauth://totp/… URI.",
  ];
  const keys = exampleLocalKeys(answers).map((key) => `${key}''`);
  const isComplete = !isAnyInEnvironment(answers);
  const lines = [...head, ...(isComplete ? [] : afterEnvironment), ...(keys.length > 0 ? ['', ...keys] : [])];
  return `${lines.join('\n')}\n`;
}

/** `AUTOMATION__ADMIN__PASSWORD=` for each value of an item. */
export function exampleLocalKeys(answers: InitAnswers): readonly string[] {
  const ofItems = answers.sessions.filter((session) => !isInEnvironment(session, answers));
  return ofItems.flatMap((session) =>
    referencesFor(session, answers).map((reference) => `${localKey(reference)}=`),
  );
}

const heads: Readonly<Record<InitAnswers['source'], string>> = {
  vault: '/** The sessions, by the items of their logins. */',
  environment: '/** The sessions, by the variables of an Environment. */',
  local: '/** The sessions. The parts of a reference are the key of its value in .env.auth-sessions. */',
};

const localLines = [
  '  // Nothing is read from 1Password, on CI neither. To use it, create the items and remove this line.',
  "  environment: 'local',",
];

const appLine = '  // The account of the 1Password app, at your machine. CI uses a token.';

const workloadLine =
  "  // The job's identity on GitHub Actions, with its integration key in OP_INTEGRATION_KEY. Not used elsewhere.";

/** To replace by hand; doctor looks for it. */
export const workloadPlaceholder = 'the-uuid-of-your-workload';

const environmentLines = [
  '/** Its ID: in 1Password, Manage environment > Copy environment ID. */',
  `const environment = '${environmentPlaceholder}';`,
  '',
];

const afterEnvironment = [
  "# The keys have the Environment's ID in them: put it into the sessions file, then run",
  '# npx playwright-auth-sessions local init',
];
