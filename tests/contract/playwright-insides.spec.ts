import { existsSync } from 'node:fs';
import { chromium, expect, test } from '@playwright/test';
import {
  findUnknownShape,
  fixtureNames,
  interceptProtocol,
  interceptWorkerMessages,
  interceptWorkerOutput,
  quietly,
  type ProtocolCall,
  type WorkerMessage,
} from '../../fixtures/playwright/playwright-insides.js';
import { hideTypedSecret } from '../../fixtures/redaction/hide-typed-secret.js';
import { requireKnownPlaywright } from '../../fixtures/require-known-playwright.js';
import { test as signedInTest } from '../../fixtures/test.js';
import { contextOptionNames } from '../../src/browser/use-options.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createStreamRedactor } from '../../src/redaction/redact-stream.js';
import { createRedactor } from '../../src/redaction/redactor.js';

test('a browser context has the inside that keeps calls out of steps and traces', ({ context }) => {
  expect(Reflect.get(context, '_wrapApiCall')).toBeInstanceOf(Function);
});

test('quietly gives what the call gives, and throws what it throws', async ({ context }) => {
  await expect(quietly(context, () => Promise.resolve(7))).resolves.toBe(7);
  await expect(quietly(context, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('quietly reads no stack, and leaves the stacks of others as they are', async ({ context }) => {
  // oxlint-disable-next-line typescript/unbound-method -- kept to be put back, not called
  const before = Error.prepareStackTrace;
  let read = 0;
  const count = (error: Error) => {
    read += 1;
    return String(error);
  };
  Error.prepareStackTrace = count;
  try {
    await context.cookies();
    const readByOthers = read;
    const call = quietly(context, () => context.cookies());
    const isPutBack = Error.prepareStackTrace === count;
    await call;
    const readByOurs = read - readByOthers;
    Error.prepareStackTrace = before;
    expect([readByOthers > 0, readByOurs, isPutBack]).toEqual([true, 0, true]);
  } finally {
    Error.prepareStackTrace = before;
  }
});

test('quietly makes the call where the inside is gone', async () => {
  await expect(quietly({}, () => Promise.resolve(7))).resolves.toBe(7);
});

test('a quiet call is no step of its test', async ({ context }, testInfo) => {
  const steps = () => (Reflect.get(testInfo, '_steps') as { title: string }[]).length;
  const before = steps();
  await quietly(context, () => context.addInitScript(() => undefined));
  expect(steps()).toBe(before);
  await context.addInitScript(() => undefined);
  expect(steps()).toBeGreaterThan(before);
});

test("a session's value overrides each context option of a project", () => {
  const [own, withSessions] = [fixtureNames(test) ?? [], fixtureNames(signedInTest) ?? []];
  const added = withSessions.slice(own.length);
  expect(withSessions.slice(0, own.length)).toEqual(own);
  expect(added).toEqual(expect.arrayContaining([...contextOptionNames, 'contextOptions', 'proxy']));
});

test('a test type without the inside has no known fixtures', () => {
  expect([{}, () => undefined].map(fixtureNames)).toEqual([undefined, undefined]);
});

test('this Playwright has everything that redaction stands on', () => {
  expect(findUnknownShape()).toEqual([]);
});

test('a run with traces does not start on a Playwright that has not; one without does', () => {
  const configWith = (trace: 'on' | 'off') =>
    ({ version: '9.9.9', projects: [{ name: 'one', use: { trace } }] }) as Parameters<
      typeof requireKnownPlaywright
    >[0];
  expect(() => requireKnownPlaywright(configWith('on'), ["the worker's attach"])).toThrow(
    expect.objectContaining({ code: 'ERR_PLAYWRIGHT_UNKNOWN' }),
  );
  expect(() => requireKnownPlaywright(configWith('off'), ["the worker's attach"])).not.toThrow();
  expect(() => requireKnownPlaywright(configWith('on'), [])).not.toThrow();
});

test('a worker reports steps, output and attachments in messages that can be changed', async ({}, testInfo) => {
  const listener = listen();
  try {
    await test.step('a step', () => undefined);
    process.stdout.write('a line\n');
    await testInfo.attach('body', { body: 'some text' });
  } finally {
    listener.stop();
  }
  const { heard } = listener;
  expect(heard).toContainEqual(event('stepBegin', expect.objectContaining({ title: 'a step' })));
  expect(heard).toContainEqual(event('stdOut', { text: 'a line\n' }));
  expect(heard).toContainEqual(
    event('attach', expect.objectContaining({ body: Buffer.from('some text').toString('base64') })),
  );
});

test('a value that a worker writes in pieces is changed before Playwright has it', async () => {
  const redactor = createRedactor();
  redactor.add(new SecretValue('correct horse', 'admin.password'));
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write.bind(stream));
  const flush = interceptWorkerOutput(() => createStreamRedactor(redactor));
  const listener = listen();
  try {
    for (const stream of streams) {
      stream.write('in two: correct ');
      stream.write(Buffer.from('hor'));
      await new Promise<void>((resolve) => stream.write('se, and correct', () => resolve()));
    }
    flush();
  } finally {
    listener.stop();
    streams.forEach((stream, index) => Object.assign(stream, { write: writes[index] }));
  }
  const texts = listener.heard.map(({ params }) => (params as { params: { text?: string } }).params.text);
  const once = ['in two: ', '[redacted:admin.password], and ', 'correct'];
  expect(texts.toSorted()).toEqual([...once, ...once].toSorted());
});

test('typing, HAR files and archives are calls that can be stood around', async ({ browser }, testInfo) => {
  const calls: ProtocolCall[] = [];
  const restore = standAround((call, proceed) => {
    calls.push(call);
    return proceed();
  });
  try {
    const har = testInfo.outputPath('some.har');
    const zip = testInfo.outputPath('some.zip');
    const context = await browser.newContext({ recordHar: { path: har } });
    await context.tracing.start();
    const page = await context.newPage();
    await page.setContent('<input>');
    await page.locator('input').fill('words');
    await page.locator('input').pressSequentially('more');
    await context.tracing.stop({ path: zip });
    await context.close();
    const methods = calls.map(({ method, target }) => `${target._type}.${method}`);
    expect(methods).toEqual(expect.arrayContaining(['Frame.fill', 'Frame.type', 'Tracing.harExport']));
    expect(calls).toContainEqual(matching('fill', { value: 'words' }));
    expect(calls).toContainEqual(matching('type', { text: 'more' }));
    expect(calls).toContainEqual(
      matching('harStart', { options: expect.objectContaining({ harPath: har }) }),
    );
    expect(calls).toContainEqual(matching('zip', { zipFile: zip }));
    expect([existsSync(har), existsSync(zip)]).toEqual([true, true]);
  } finally {
    restore();
  }
});

test('an input shows dots from before it has a known value, and keeps what else is typed readable', async ({
  page,
}) => {
  const redactor = createRedactor();
  redactor.add(new SecretValue('123456', 'admin.code', { kind: 'code' }));
  redactor.add(new SecretValue('correct horse', 'admin.password'));
  const restore = standAround(async (call, proceed) => {
    await hideTypedSecret(call, redactor);
    return proceed();
  });
  try {
    await page.setContent('<input id=a><input id=b><input id=c><textarea id=d></textarea>');
    await page.locator('#a').fill('123456');
    await page.locator('#b').pressSequentially('correct horse');
    await page.locator('#c').fill('something else');
    await page.locator('#d').focus();
    await page.keyboard.insertText('correct horse');
    const shown = await page
      .locator('input, textarea')
      .evaluateAll((inputs) =>
        inputs.map((one) => getComputedStyle(one).getPropertyValue('-webkit-text-security')),
      );
    expect(shown).toEqual(['disc', 'disc', 'none', 'disc']);
    await expect(page.locator('#a')).toHaveValue('123456');
  } finally {
    restore();
  }
});

test('an input that comes late is filled and hidden all the same', async ({ page }) => {
  const redactor = createRedactor();
  redactor.add(new SecretValue('correct horse', 'admin.password'));
  const restore = standAround(async (call, proceed) => {
    await hideTypedSecret(call, redactor);
    return proceed();
  });
  try {
    await page.setContent('<script>setTimeout(() => { document.body.innerHTML = "<input>"; }, 300)</script>');
    await page.locator('input').fill('correct horse');
    await expect(page.locator('input')).toHaveCSS('-webkit-text-security', 'disc');
  } finally {
    restore();
  }
});

function listen(): { readonly heard: readonly WorkerMessage[]; stop(): void } {
  const heard: WorkerMessage[] = [];
  const send = process.send?.bind(process);
  interceptWorkerMessages((message) => {
    heard.push(message);
    return message;
  });
  return { heard, stop: () => Object.assign(process, { send }) };
}

function event(method: string, params: unknown) {
  return { method: '__dispatch__', params: expect.objectContaining({ method, params }) as object };
}

function matching(method: string, params: Record<string, unknown>) {
  return expect.objectContaining({ method, params: expect.objectContaining(params) });
}

function standAround(around: Parameters<typeof interceptProtocol>[0]): () => void {
  const connection = Object.getPrototypeOf(Reflect.get(chromium, '_connection')) as object;
  const before: unknown = Reflect.get(connection, 'sendMessageToServer');
  interceptProtocol(around);
  return () => Reflect.set(connection, 'sendMessageToServer', before);
}
