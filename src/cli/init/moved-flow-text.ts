import { usualParameters } from './answers.js';
import type { SetupBody } from './read-setup-body.js';
import { importLine } from './session-lines.js';
import { packageName, type SurveyedSuite } from './survey-suite.js';

/** A flow with the statements of a setup test. */
export function movedFlowText(
  { statements, fixtures, usesExpect, parameters, endsAt }: SetupBody,
  { syntax }: Pick<SurveyedSuite, 'syntax'>,
): string {
  const names = usesExpect ? '{ defineAuthFlow, expect }' : '{ defineAuthFlow }';
  const tools = [...fixtures, ...(parameters.length > 0 ? ['credentials'] : [])];
  const isUsual = parameters.join() === usualParameters.join();
  const lines = [
    importLine(names, packageName, syntax),
    '',
    '/** How to sign in: what the setup test did. */',
    `${syntax === 'import' ? 'export default' : 'module.exports ='} defineAuthFlow({`,
    ...(isUsual ? [] : [`  parameters: [${parameters.map((name) => `'${name}'`).join(', ')}],`]),
    `  async create({ ${tools.join(', ')} }) {`,
    statements,
    '  },',
    '',
    ...(endsAt === undefined ? checkToWrite : checkAt(endsAt)),
    '});',
  ];
  return `${lines.join('\n')}\n`;
}

/** The setup test signed in before each run. A flow without a check would use a session that has ended. */
function checkAt(address: string): readonly string[] {
  return [
    '  // Whether a stored session is still signed in: the page that the sign-in ends on answers without a redirect.',
    '  // If it answers everybody, request something else that needs a sign-in.',
    '  async check({ request }) {',
    `    return (await request.get('${address}', { maxRedirects: 0 })).ok();`,
    '  },',
  ];
}

const checkToWrite = [
  '  // Whether a stored session is still signed in: request something that needs a sign-in. Without a check,',
  '  // sessions are used for twelve hours.',
  '  // async check({ request }) {',
  "  //   return (await request.get('/api/me')).ok();",
  '  // },',
];
