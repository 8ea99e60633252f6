import {
  connectionOf,
  isByLogin,
  isInEnvironment,
  loginFor,
  parametersOf,
  variablesFor,
  type InitAnswers,
} from './answers.js';
import type { ModuleSyntax } from './config-facts.js';
import { propertyName, quoted } from './quoted.js';

/** The declaration of a session. */
export function sessionLines(name: string, answers: InitAnswers): string[] {
  const flow = flowVariable(answers.moved?.find((one) => one.name === name)?.flow ?? firstFlow);
  const connection = connectionOf(name, answers);
  const isVariables = isInEnvironment(name, answers);
  if (!isVariables && isByLogin(name, answers)) {
    const vault = connection === undefined ? '' : `, vault: ${quoted(connection)}`;
    return [
      `    ${propertyName(name)}: { flow: ${flow}, login: ${quoted(loginFor(name, answers))}${vault} },`,
    ];
  }
  const values: readonly (readonly [string, string])[] = isVariables
    ? Object.entries(variablesFor(name, answers)).map(([one, variable]) => [
        one,
        `\`op-env://\${environment}/${variable}\``,
      ])
    : parametersOf(name, answers).map((one) => [one, quoted(`${loginFor(name, answers)}/${one}`)]);
  return [
    `    ${propertyName(name)}: {`,
    `      flow: ${flow},`,
    ...(connection === undefined ? [] : [`      vault: ${quoted(connection)},`]),
    '      parameters: {',
    ...values.map(([parameter, reference]) => `        ${parameter}: ${reference},`),
    '      },',
    '    },',
  ];
}

/** The names of the flows' files, without the extension. */
export function flowsOf({ moved }: InitAnswers): readonly string[] {
  return moved ? [...new Set(moved.map(({ flow }) => flow))] : [firstFlow];
}

/** The import of a flow. */
export function flowImport(
  flow: string,
  { syntax, extension }: { readonly syntax: ModuleSyntax; readonly extension: string },
): string {
  return importLine(flowVariable(flow), `./${flow}.${extension.replace('ts', 'js')}`, syntax);
}

/** The import of a module, from a module. */
export function importLine(names: string, from: string, syntax: ModuleSyntax): string {
  return syntax === 'import' ? `import ${names} from '${from}';` : `const ${names} = require('${from}');`;
}

/** `sign-in-admin`: `signInAdmin` */
export function flowVariable(flow: string): string {
  return flow.replaceAll(/[^A-Za-z0-9]+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

const firstFlow = 'sign-in';
