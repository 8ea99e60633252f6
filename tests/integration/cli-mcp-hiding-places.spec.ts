import { expect, test } from '@playwright/test';
import {
  createCanaryProject,
  knownCanaries,
  startAgent,
  stretchesOfCanaries,
  type Agent,
} from '../support/agent.js';
import { createCanarySite, type CanarySite } from '../support/canary-site.js';
import type { NestedProject } from '../support/nested-run.js';

test.describe.configure({ timeout: 300_000 });

let site: CanarySite;
let project: NestedProject;
let agent: Agent;

test.beforeAll(async () => {
  site = await createCanarySite();
  project = await createCanaryProject(site);
  agent = await startAgent(['mcp', 'ada'], project.folder);
});

test.afterAll(async () => {
  await agent.client.close();
  await project.remove();
  await site.close();
});

for (const place of [
  'open-shadow',
  'closed-shadow',
  'shadow-field',
  'placeholder',
  'styled',
  'option',
  'drawing',
  'in-frame',
  'in-other-frame',
])
  test(`withholds a screenshot of a value visible in: ${place}`, async () => {
    await agent.call('browser_navigate', { url: `/${place}` });
    expect(await agent.call('browser_take_screenshot')).toContain('withheld');
    expectNothingKnown();
  });

for (const place of ['form', 'plain-frame'])
  test(`takes a screenshot of a page that hides its value: ${place}`, async () => {
    await agent.call('browser_navigate', { url: `/${place}` });
    const { content } = await agent.client.callTool({ name: 'browser_take_screenshot', arguments: {} });
    expect(content).toMatchObject([{ type: 'image' }]);
  });

for (const field of ['Key', 'Area', 'Rich', 'Shadowed'])
  test(`a field with a secret cannot be edited to show a part of it: ${field}`, async () => {
    const refs = await openEdit();
    const target = refs(field);
    for (const key of ['End', 'Backspace', 'Home', 'Delete', 'x', 'Control+Backspace', 'Control+z']) {
      await agent.call('browser_click', { target });
      await agent.call('browser_press_key', { key });
      await agent.call('browser_snapshot');
    }
    await agent.call('browser_click', { target, doubleClick: true });
    await agent.call('browser_press_key', { key: 'Delete' });
    await agent.call('browser_type', { target, text: 'x', slowly: true });
    await agent.call('browser_snapshot');
    expectNothingKnown();
    // All of it may be replaced.
    await agent.call('browser_type', { target, text: 'of my own' });
    expect(await agent.call('browser_take_screenshot')).toContain('withheld');
    // A snapshot does not show the content of a rich field.
    if (field !== 'Rich') expect(await agent.call('browser_snapshot')).toContain('of my own');
  });

test('keys and slow typing work if no field contains a secret', async () => {
  await agent.call('browser_navigate', { url: '/form' });
  const snapshot = await agent.call('browser_snapshot');
  const target = /textbox "Name".*?\[ref=((?:f\d+)?e\d+)\]/.exec(snapshot)?.[1];
  await agent.call('browser_type', { target, text: 'my own', slowly: true });
  await agent.call('browser_press_key', { key: 'Backspace' });
  expect(await agent.call('browser_snapshot')).toMatch(/textbox "Name".*: my ow$/m);
});

test('text of a page cannot be selected and dragged to where a part of it is shown', async () => {
  const refs = await openEdit();
  const [text, notes, key] = [refs('paragraph'), refs('Notes'), refs('Key')];
  const drag = (startTarget: string, endTarget: string) =>
    agent.call('browser_drag', { startTarget, endTarget, startElement: 'a', endElement: 'b' });
  await drag(text, notes);
  await drag(text, notes);
  await agent.call('browser_click', { target: text, doubleClick: true });
  await drag(text, notes);
  await agent.call('browser_click', { target: key, doubleClick: true });
  await drag(key, notes);
  await agent.call('browser_snapshot');
  expectNothingKnown();
});

test('text of a page cannot be selected and pasted with the middle button', async () => {
  const refs = await openEdit();
  for (const target of [refs('paragraph'), refs('Key')]) {
    await agent.call('browser_click', { target, doubleClick: true });
    expect(await agent.call('browser_click', { target: refs('Notes'), button: 'middle' })).toContain(
      'pastes',
    );
    await agent.call('browser_snapshot');
  }
  expectNothingKnown();
});

test('redacts a long value that is shortened in an answer', async () => {
  await agent.call('browser_navigate', { url: '/long' });
  const snapshot = await agent.call('browser_snapshot', { boxes: true });
  await agent.call('browser_console_messages', { level: 'debug', all: true });
  await agent.call('browser_tabs', { action: 'list' });
  const target = /button "Tell".*?\[ref=((?:f\d+)?e\d+)\]/.exec(snapshot)?.[1];
  await agent.call('browser_click', { target, element: 'Tell' });
  await agent.call('browser_handle_dialog', { accept: true });
  const link = /link "link".*?\[ref=((?:f\d+)?e\d+)\]/.exec(snapshot)?.[1];
  await agent.call('browser_click', { target: link, element: 'link' });
  await agent.call('browser_navigate', { url: `/long?again=1` });
  expect(await agent.call('browser_snapshot')).toContain('[redacted:ada storage long_token]');
  expectNothingKnown();
});

test('redacts a bearer token that no storage contains', async () => {
  await agent.call('browser_navigate', { url: '/in-memory' });
  await expect.poll(() => agent.call('browser_snapshot')).toContain('Works with [redacted:');
  await agent.call('browser_console_messages', { level: 'debug', all: true });
  expectNothingKnown();
});

test('redacts a cookie that is set, shown and removed within one call', async () => {
  await agent.call('browser_navigate', { url: '/passing' });
  expect(await agent.call('browser_snapshot')).toContain('Now [redacted:ada cookie passing]');
  expectNothingKnown();
});

async function openEdit(): Promise<(name: string) => string> {
  await agent.call('browser_navigate', { url: '/edit' });
  const snapshot = await agent.call('browser_snapshot');
  return (name) => new RegExp(`${name}.*?\\[ref=((?:f\\d+)?e\\d+)\\]`).exec(snapshot)?.[1] ?? '';
}

function expectNothingKnown(): void {
  const everything = [...agent.heard, agent.stderr()].join('\n');
  expect(knownCanaries(site).search(Buffer.from(everything))).toEqual([]);
  expect(stretchesOfCanaries(everything)).toEqual([]);
  agent.heard.length = 0;
}
