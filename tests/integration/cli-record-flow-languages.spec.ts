import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { composeFlow } from '../../src/cli/recording/compose-flow.js';
import { flowLocationOf } from '../../src/cli/recording/flow-location.js';
import { writeFlow } from '../../src/cli/recording/write-flow.js';
import { startByHand } from '../support/by-hand.js';
import { runCommand, runInProcess } from '../support/command-line.js';
import { startDisplay, whyNoDisplay, type Display } from '../support/display.js';
import { createInPageSite, inPageAccount, type InPageSite } from '../support/in-page-site.js';
import { browserUse, createNestedProject, type NestedProject } from '../support/nested-run.js';
import { recorderListens } from '../support/scripted-person.js';

const { email, password } = inPageAccount;
const refused = 'Wrong-camel-3';

test.describe.configure({ mode: 'serial', timeout: 300_000 });
const missing = whyNoDisplay();
test.skip(missing !== undefined, missing);

let site: InPageSite;
let display: Display;

test.beforeAll(async () => {
  site = await createInPageSite();
  display = await startDisplay();
});

test.afterAll(async () => {
  await display.close();
  await site.close();
});

test('a JavaScript project of ES modules: the flow has no rejected attempts, and signs in', async () => {
  const project = await projectOf('module', {
    'playwright.config.js': `import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from 'playwright-auth-sessions';
      export default defineConfig(${config});`,
    'who/sessions.js': `import { defineAuthSessions } from 'playwright-auth-sessions';
      export default defineAuthSessions({ sessions: { admin: { flow: '../auth-flows/admin.js', ${references} } } });`,
  });
  try {
    const output = await recordFlow('admin', project);
    expect(output).toContain('✓ auth-flows/admin.js written.');
    expect(output).not.toContain('signs in as');
    expect(output).toMatch(/\d steps are left out, because the field was filled in again later/);
    const flow = await project.read('auth-flows/admin.js');
    expect(flow).toContain("import { defineAuthFlow } from 'playwright-auth-sessions';");
    expect(flow).toContain('export default defineAuthFlow({');
    expect(flow.match(/\.fill\((.*)\);/g)).toEqual([
      '.fill(credentials.username);',
      '.fill(credentials.password);',
    ]);
    await expectSignsIn('admin', project);
  } finally {
    await project.remove();
  }
});

test('a JavaScript project in CommonJS: the printed declaration signs in', async () => {
  const project = await projectOf('commonjs', {
    'playwright.config.js': `const { defineConfig } = require('@playwright/test');
      const { withAuthSessions } = require('playwright-auth-sessions');
      module.exports = defineConfig(${config});`,
    'who/sessions.js': `const { defineAuthSessions } = require('playwright-auth-sessions');
      const sessions = {
        other: { type: 'recorder' },
      };
      module.exports = defineAuthSessions({ sessions });`,
  });
  try {
    const output = await recordFlow('admin', project, pointAtSignOut);
    const flow = await project.read('auth-flows/admin.js');
    expect(flow).toContain("await page.getByRole('button', { name: 'Sign out' }).waitFor();\n  },");
    expect(flow).toContain("const { defineAuthFlow } = require('playwright-auth-sessions');");
    expect(flow).toContain('module.exports = defineAuthFlow({');
    const [declaration] = /^ {2}admin: \{$[^]*?^ {2}\},$/m.exec(output) ?? [];
    expect(declaration).toContain("flow: '../auth-flows/admin.js'");
    const sessions = await project.read('who/sessions.js');
    const told = declaration?.replaceAll('op://VAULT/admin', 'op://automation/ada') ?? '';
    await project.write({
      'who/sessions.js': sessions.replace('const sessions = {', `const sessions = {\n${told}`),
    });
    await expectSignsIn('admin', project);
  } finally {
    await project.remove();
  }
});

for (const [extension, syntax] of [
  ['mts', 'import'],
  ['cts', 'import'],
  ['mjs', 'import'],
  ['cjs', 'require'],
] as const)
  test(`a flow for a sessions file in .${extension} loads`, async () => {
    const imports = "import { defineAuthSessions } from 'playwright-auth-sessions';\nexport default";
    const requires = "const { defineAuthSessions } = require('playwright-auth-sessions');\nmodule.exports =";
    const sessionsFile = `auth-flows/auth-sessions.${extension}`;
    const flow = `flow: './admin.${extension}'`;
    const project = await createNestedProject({
      'package.json': '{}',
      'playwright.config.ts': `import { defineConfig } from '@playwright/test';
        import { withAuthSessions } from 'playwright-auth-sessions';
        export default defineConfig(withAuthSessions('./${sessionsFile}', {}));`,
      [sessionsFile]: `${syntax === 'import' ? imports : requires} defineAuthSessions({ sessions: { admin: { ${flow}, ${references} } } });`,
    });
    try {
      const { folder } = project;
      const place = flowLocationOf('admin', { sessionsFile: path.join(folder, sessionsFile), folder });
      const code = "await expect(page.getByLabel('Email')).toBeEnabled();";
      const { text } = composeFlow({
        ...place,
        steps: [{ code, url: 'https://shop.example/' }],
        endUrl: undefined,
        baseURL: undefined,
        values: undefined,
        session: 'admin',
        isCode: () => false,
        kindOf: () => undefined,
        typedSecrets: { password: [], code: [] },
        isSecret: () => false,
      });
      await writeFlow(place, { text }, { force: false });
      const { stdout, stderr } = await runInProcess(['list', '--json'], { folder });
      expect(JSON.parse(stdout), stderr).toMatchObject({
        ok: true,
        data: { sessions: [{ name: 'admin', flow: `auth-flows/admin.${extension}` }] },
      });
    } finally {
      await project.remove();
    }
  });

const config = `withAuthSessions('./who/sessions.js', {
  use: { baseURL: process.env.SITE_URL, launchOptions: { ...${browserUse()}, args: ['--disable-quic',
    ...(process.env.PERSON_PORT ? ['--remote-debugging-port=' + process.env.PERSON_PORT] : [])] } },
})`;
const references = `parameters: { username: 'op://automation/ada/username', password: 'op://automation/ada/password' }`;

async function projectOf(type: string, files: Readonly<Record<string, string>>): Promise<NestedProject> {
  return createNestedProject({
    'tmp/.keep': '',
    'package.json': JSON.stringify({ type }),
    '.env.auth-sessions': `AUTOMATION__ADA__USERNAME='${email}'\nAUTOMATION__ADA__PASSWORD='${password}'\n`,
    ...files,
  });
}

/** A person who is refused, looks at what they type from then on, and then types it right. */
async function recordFlow(
  name: string,
  project: NestedProject,
  atTheEnd: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const refusalsBefore = site.refusals;
  const { command, person } = await startByHand(['record-flow', name, '--url', '/'], {
    project,
    display,
    env: { SITE_URL: site.url },
  });
  const page = await person.page(new RegExp(`^${site.url}`));
  await recorderListens(page);
  await page.getByLabel('Email').click();
  await page.keyboard.type(email);
  await typeSecret(page, refused);
  await page.getByText('That is not it').waitFor();
  await page.getByRole('button', { name: 'Show' }).click();
  await typeSecret(page, password);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await atTheEnd(page);
  command.type('');
  const { exitCode, stdout, stderr } = await command.ended;
  await person.leave();
  expect(exitCode, stderr).toBe(0);
  expect(site.refusals).toBe(refusalsBefore + 1);
  const flow = await project.read(`auth-flows/${name}.js`);
  for (const text of [flow, stdout, stderr])
    for (const secret of [refused, password, email]) expect(text).not.toContain(secret);
  return stdout;
}

/** With the eye, the third of the recorder's tools, which begin in the middle. */
async function pointAtSignOut(page: Page): Promise<void> {
  await page.mouse.click((await page.evaluate(() => innerWidth / 2)) + 104, 16);
  await recorderListens(page, 'visibility');
  await page.getByRole('button', { name: 'Sign out' }).click();
}

async function typeSecret(page: Page, text: string): Promise<void> {
  await page.getByLabel('Secret word').click();
  await page.keyboard.type(text);
  await page.getByRole('button', { name: 'Enter' }).click();
}

async function expectSignsIn(name: string, project: NestedProject): Promise<void> {
  const { signIns, refusals } = site;
  const { folder } = project;
  const created = await runCommand(['create', name], { folder, env: { SITE_URL: site.url } });
  expect(created.stdout).toMatch(new RegExp(`✓ {2}${name} {2}created`));
  expect([site.signIns, site.refusals]).toEqual([signIns + 1, refusals]);
}
