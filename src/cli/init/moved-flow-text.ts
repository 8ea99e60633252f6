import { usualParameters } from './answers.js';
import type { SetupBody } from './read-setup-body.js';
import { packageName, type SurveyedSuite } from './survey-suite.js';

/** A flow with the statements of a setup test. */
export function movedFlowText(
  { statements, fixtures, usesExpect, parameters }: SetupBody,
  { syntax }: Pick<SurveyedSuite, 'syntax'>,
): string {
  const names = usesExpect ? '{ defineAuthFlow, expect }' : '{ defineAuthFlow }';
  const tools = [...fixtures, ...(parameters.length > 0 ? ['credentials'] : [])];
  const isUsual = parameters.join() === usualParameters.join();
  const lines = [
    syntax === 'import'
      ? `import ${names} from '${packageName}';`
      : `const ${names} = require('${packageName}');`,
    '',
    '/** How to sign in: what the setup test did. */',
    `${syntax === 'import' ? 'export default' : 'module.exports ='} defineAuthFlow({`,
    ...(isUsual ? [] : [`  parameters: [${parameters.map((name) => `'${name}'`).join(', ')}],`]),
    `  async create({ ${tools.join(', ')} }) {`,
    statements,
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
