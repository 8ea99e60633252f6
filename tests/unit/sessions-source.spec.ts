import { expect, test } from '@playwright/test';
import { defaultAnswers } from '../../src/cli/init/answers.js';
import { movedAnswers } from '../../src/cli/init/find-move.js';
import { readSessionsSource } from '../../src/cli/init/sessions-source.js';

const more = { imports: ["import b from './b.js';"], sessions: ['    bob: { flow: b },'] };

function withBob(sessions: string): string | undefined {
  const text = `import a from './a.js';\nexport default defineAuthSessions({\n  sessions: ${sessions},\n});\n`;
  return readSessionsSource(text)
    ?.withMore(more)
    .replace(/^[^]*sessions: /, '')
    .replace(/,\n\}\);\n$/, '');
}

test('a session is added after the last one, its comma and its comment', () => {
  const bob = '\n    bob: { flow: b },\n  }';
  expect(withBob('{\n    ada: { flow: a },\n  }')).toBe(`{\n    ada: { flow: a },${bob}`);
  expect(withBob('{\n    ada: { flow: a }\n  }')).toBe(`{\n    ada: { flow: a },${bob}`);
  expect(withBob('{\n    ada: { flow: a } // one, or two\n  }')).toBe(
    `{\n    ada: { flow: a }, // one, or two${bob}`,
  );
  expect(withBob('{\n    ada: { flow: a } // one\n    , /* two */\n  }')).toBe(
    `{\n    ada: { flow: a } // one\n    , /* two */${bob}`,
  );
  expect(withBob('{ ada: { flow: a } }')).toBe(`{ ada: { flow: a },${bob.replace('\n  }', '\n   }')}`);
  expect(withBob('{}')).toBe(`{${bob}`);
  expect(withBob('{ ada: { flow: a } } as const')).toContain('bob: { flow: b },');
});

test('an import is added after the last one, with the line ends of the file', () => {
  const text =
    "const { defineAuthSessions } = require('playwright-auth-sessions');\r\nconst a = require('./a.js');\r\n\r\nmodule.exports = defineAuthSessions({\r\n  sessions: {\r\n  },\r\n});\r\n";
  const source = readSessionsSource(text);
  expect(source?.syntax).toBe('require');
  const after = source?.withMore({ ...more, imports: ["const b = require('./b.js');"] });
  expect(after).toContain("require('./a.js');\r\nconst b = require('./b.js');\r\n\r\n");
  expect(after?.replaceAll('\r\n', '')).not.toContain('\n');
  expect(readSessionsSource(after ?? '')?.names).toEqual(['bob']);
});

test('a sessions file says which vault or Environment its sessions read', () => {
  const read = (session: string) =>
    readSessionsSource(`export default defineAuthSessions({ sessions: { ada: ${session} } });`);
  expect(read("{ login: 'op://e2e/ada' }")).toMatchObject({ vault: 'e2e', isInEnvironment: false });
  expect(read('{ parameters: { password: `op-env://${environment}/A` } }')).toMatchObject({
    vault: undefined,
    isInEnvironment: true,
  });
});

test('computed sessions are not read', () => {
  for (const sessions of ['{ ...others }', '{ [name]: {} }', '{ ada() {} }', 'all', 'all()'])
    expect(withBob(sessions), sessions).toBeUndefined();
  expect(readSessionsSource('const (')).toBeUndefined();
  expect(readSessionsSource('export default 1;')).toBeUndefined();
});

test('new sessions are read as the declared ones are, unless an option says another vault', () => {
  const plan = { sessions: [{ name: 'bob', flow: 'sign-in', parameters: ['password'] }] } as never;
  const answersFor = (session: string, options = {}) => {
    const source = readSessionsSource(`defineAuthSessions({ sessions: { ada: ${session} } });`);
    return movedAnswers(defaultAnswers, { plan, hasChanges: true, source }, options);
  };
  expect(answersFor("{ login: 'op://e2e/ada' }")).toMatchObject({ sessions: ['bob'], vault: 'e2e' });
  expect(answersFor("{ login: 'op://e2e/ada' }", { inVault: 'qa' })).toMatchObject({ vault: 'qa' });
  expect(answersFor("{ login: 'op://${TEST_ENV}/ada' }")).toMatchObject({ vault: 'automation' });
  expect(answersFor('{ parameters: { password: `op-env://${environment}/A` } }')).toMatchObject({
    source: 'environment',
  });
});
