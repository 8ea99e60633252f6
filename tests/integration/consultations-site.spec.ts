import { readFile, stat } from 'node:fs/promises';
import { test as base, expect, request as requests, type APIRequestContext } from '@playwright/test';
import { parse } from 'dotenv';
import {
  codeAt,
  createConsultationsSite,
  demoAccounts,
  sendForm,
  sendPassword,
  signInByRequest,
  type ConsultationsSite,
  type ConsultationsSiteOptions,
} from '../support/consultations/index.js';

const { admin, customer, newcomer } = demoAccounts;

interface SiteFixtures {
  clock: { nowMs: number };
  openSite: (options?: ConsultationsSiteOptions) => Promise<ConsultationsSite>;
  /** Somebody's own cookies, on a site. */
  visit: (site: ConsultationsSite) => Promise<APIRequestContext>;
}

const test = base.extend<SiteFixtures>({
  clock: async ({}, use) => use({ nowMs: Date.parse('2030-01-01T12:00:00Z') }),
  openSite: async ({ clock }, use) => {
    const sites: ConsultationsSite[] = [];
    await use(async (options) => {
      const site = await createConsultationsSite({ nowMs: () => clock.nowMs, ...options });
      sites.push(site);
      return site;
    });
    await Promise.all(sites.map((site) => site.close()));
  },
  visit: async ({}, use) => {
    const visitors: APIRequestContext[] = [];
    await use(async (site) => {
      const visitor = await requests.newContext({ baseURL: site.url });
      visitors.push(visitor);
      return visitor;
    });
    await Promise.all(visitors.map((visitor) => visitor.dispose()));
  },
});

for (const account of [admin, customer, newcomer])
  test(`signs ${account.name} in with password and code`, async ({ openSite, page, clock }) => {
    const site = await openSite();
    await page.goto(`${site.url}/consultations?page=1`);
    await expect(page).toHaveURL(`${site.url}/sign-in?next=%2Fconsultations%3Fpage%3D1`);
    await page.getByLabel('Email').fill(account.email);
    await page.getByLabel('Password').fill(account.password);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('One-time code').fill(codeAt(clock.nowMs, account.totp));
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await expect(page).toHaveURL(`${site.url}/consultations?page=1`);
    const { email, name, role } = account;
    expect(await (await page.request.get(`${site.url}/api/me`)).json()).toEqual({ email, name, role });
    expect([site.signIns(email), site.attempts(email), site.sessionsOf(email)]).toEqual([1, 1, 1]);
  });

test('keeps what its script needs until the sign-out', async ({ openSite, page, clock }) => {
  const site = await openSite();
  await page.goto(`${site.url}/sign-in`);
  await page.getByLabel('Email').fill(customer.email);
  await page.getByLabel('Password').fill(customer.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('One-time code').fill(codeAt(clock.nowMs, customer.totp));
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  const storages = () =>
    page.evaluate(() =>
      [localStorage, sessionStorage].map((storage) => Object.fromEntries(Object.entries(storage))),
    );
  expect(await storages()).toEqual([
    {
      'consultations.api-token': expect.stringMatching(/^[\w-]{32}$/),
      'consultations.density': 'comfortable',
    },
    { 'consultations.tab': 'upcoming' },
  ]);
  await expect(page.getByText('Preferences restored')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Preferences restored')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Email')).toBeVisible();
  expect(await storages()).toEqual([{}, {}]);
  expect((await page.request.get(`${site.url}/api/me`)).status()).toBe(401);
});

test('restores no preferences for cookies without their localStorage', async ({
  openSite,
  browser,
  visit,
  clock,
}) => {
  const site = await openSite();
  const visitor = await visit(site);
  await signInByRequest(visitor, customer, clock);
  const { cookies } = await visitor.storageState();
  const context = await browser.newContext({ storageState: { cookies, origins: [] } });
  const page = await context.newPage();
  await page.goto(site.url);
  await expect(page.getByText('Preferences are not kept in this browser')).toBeVisible();
  await context.close();
});

test('books, lists and cancels a consultation, with every character of its topic', async ({
  openSite,
  visit,
  clock,
}) => {
  const site = await openSite();
  const visitor = await visit(site);
  await signInByRequest(visitor, newcomer, clock);
  const topic = `<script>alert("1")</script> & 'more'`;
  const booked = await sendForm(visitor, '/consultations', {
    topic,
    adviser: 'Mei Tanaka',
    date: '2030-02-01',
    time: '09:30',
  });
  expect(await booked.text()).not.toContain('<script>alert');
  const list = async () =>
    (await (await visitor.get('/api/consultations')).json()) as { consultations: { id: string }[] };
  const { consultations } = await list();
  expect(consultations).toMatchObject([{ topic, startsAt: '2030-02-01T09:30', status: 'booked' }]);
  await cancel(visitor, consultations[0]!.id);
  expect((await list()).consultations).toMatchObject([{ topic, status: 'cancelled' }]);
});

test('rejects a booking in the past, and keeps the typed text', async ({ openSite, visit, clock }) => {
  const visitor = await visit(await openSite());
  await signInByRequest(visitor, newcomer, clock);
  const fields = { topic: 'Too late', adviser: 'Mei Tanaka', date: '2029-12-31', time: '09:30' };
  const answer = await sendForm(visitor, '/consultations', fields);
  expect(answer.status()).toBe(422);
  expect(await answer.text()).toMatch(/Choose a date and time that are still to come[^]*value="Too late"/);
});

test("rejects cancelling another account's booking", async ({ openSite, visit, clock }) => {
  const site = await openSite();
  const [ada, cleo] = [await visit(site), await visit(site)];
  await signInByRequest(ada, admin, clock);
  await signInByRequest(cleo, customer, clock);
  const { consultations } = (await (await cleo.get('/api/consultations')).json()) as {
    consultations: { id: string }[];
  };
  expect((await cancel(ada, consultations[1]!.id)).status()).toBe(404);
});

test('shows administration to administrators only', async ({ openSite, visit, clock }) => {
  const site = await openSite();
  const [ada, cleo] = [await visit(site), await visit(site)];
  await signInByRequest(ada, admin, clock);
  await signInByRequest(cleo, customer, clock);
  expect(await (await ada.get('/admin')).text()).toContain(newcomer.email);
  const refused = await cleo.get('/admin');
  expect([refused.status(), (await refused.text()).includes(newcomer.email)]).toEqual([403, false]);
  expect(await (await cleo.get('/')).text()).not.toContain('href="/admin"');
});

for (const path of ['/sign-in', '/sign-out', '/consultations'])
  test(`refuses ${path} without its CSRF token`, async ({ openSite, visit, clock }) => {
    const site = await openSite();
    const visitor = await visit(site);
    if (path !== '/sign-in') await signInByRequest(visitor, customer, clock);
    const signedIn = site.signIns(customer.email);
    for (const _csrf of ['', 'guessed']) {
      const form = { _csrf, email: customer.email, password: customer.password };
      const answer = await visitor.post(path, { form });
      expect([answer.status(), await answer.text()]).toEqual([403, expect.stringContaining('out of date')]);
    }
    expect(site.sessionsOf(customer.email)).toBe(signedIn);
  });

test('accepts a code once, and no earlier one after it', async ({ openSite, visit, clock }) => {
  const site = await openSite();
  await signInByRequest(await visit(site), customer, clock);
  for (const nowMs of [clock.nowMs, clock.nowMs - 30_000]) {
    const answer = await signInByRequest(await visit(site), customer, { nowMs });
    expect(await answer.text()).toContain('That code was used already');
  }
  clock.nowMs += 30_000;
  await signInByRequest(await visit(site), customer, clock);
  expect(site.signIns(customer.email)).toBe(2);
});

test('accepts codes of one time step more or less, not of two', async ({ openSite, visit, clock }) => {
  const site = await openSite();
  for (const offMs of [-60_000, 60_000]) {
    const answer = await signInByRequest(await visit(site), newcomer, { nowMs: clock.nowMs + offMs });
    expect(await answer.text()).toContain('That code is not right');
  }
  for (const offMs of [-30_000, 0, 30_000])
    await signInByRequest(await visit(site), newcomer, { nowMs: clock.nowMs + offMs });
  expect(site.signIns(newcomer.email)).toBe(3);
});

test('asks for the password again after five wrong codes', async ({ openSite, visit, clock }) => {
  const site = await openSite();
  const visitor = await visit(site);
  await sendPassword(visitor, customer);
  for (let count = 0; count < 5; count += 1) await sendForm(visitor, '/sign-in/code', { code: '000000' });
  const answer = await sendForm(visitor, '/sign-in/code', { code: codeAt(clock.nowMs, customer.totp) });
  expect([answer.url(), site.signIns(customer.email)]).toEqual([`${site.url}/sign-in`, 0]);
});

test('locks an account after five wrong passwords, until it is unlocked', async ({
  openSite,
  visit,
  clock,
}) => {
  const site = await openSite();
  const visitor = await visit(site);
  const wrong = { email: customer.email, password: 'wrong' };
  for (let count = 0; count < 5; count += 1)
    expect(await (await sendPassword(visitor, wrong)).text()).toContain('Wrong email or password');
  const answer = await sendPassword(visitor, customer);
  expect([answer.status(), await answer.text()]).toEqual([
    423,
    expect.stringContaining('This account is locked'),
  ]);
  expect(site.attempts(customer.email)).toBe(6);
  site.unlock(customer.email);
  await signInByRequest(visitor, customer, clock);
  expect(site.signIns(customer.email)).toBe(1);
});

test('reveals nothing about an unknown email address', async ({ openSite, visit }) => {
  const visitor = await visit(await openSite());
  const answer = await sendPassword(visitor, { email: 'nobody@consultations.example', password: 'x' });
  expect([answer.status(), await answer.text()]).toEqual([
    401,
    expect.stringContaining('Wrong email or password'),
  ]);
});

test('limits the attempts of one address for one account', async ({ openSite, visit }) => {
  const visitor = await visit(await openSite({ signInAttemptsPerMinute: 2 }));
  const statuses: number[] = [];
  for (let count = 0; count < 3; count += 1) statuses.push((await sendPassword(visitor, customer)).status());
  expect(statuses).toEqual([200, 200, 429]);
  expect((await sendPassword(visitor, admin)).status()).toBe(200);
});

test('ends a session after its lifetime, even if it is in use', async ({ openSite, visit, clock }) => {
  const site = await openSite({ sessionLifeSeconds: 60 });
  const visitor = await visit(site);
  await signInByRequest(visitor, customer, clock);
  clock.nowMs += 59_999;
  expect((await visitor.get('/api/me')).status()).toBe(200);
  clock.nowMs += 1;
  expect((await visitor.get('/api/me')).status()).toBe(401);
  expect(site.sessionsOf(customer.email)).toBe(0);
});

test("ends one account's sessions, or everybody's", async ({ openSite, visit, clock }) => {
  const site = await openSite();
  const [ada, cleo] = [await visit(site), await visit(site)];
  await signInByRequest(ada, admin, clock);
  await signInByRequest(cleo, customer, clock);
  const statuses = async () => [(await ada.get('/api/me')).status(), (await cleo.get('/api/me')).status()];
  site.endSessions(customer.email);
  expect(await statuses()).toEqual([200, 401]);
  site.endSessions();
  expect(await statuses()).toEqual([401, 401]);
});

test('gives the session another id at the sign-in', async ({ openSite, visit, clock }) => {
  const site = await openSite();
  const visitor = await visit(site);
  const values = new Set<string | undefined>();
  const note = async () => values.add(await sessionCookie(visitor));
  await visitor.get('/sign-in');
  await note();
  await sendPassword(visitor, customer);
  await note();
  await sendForm(visitor, '/sign-in/code', { code: codeAt(clock.nowMs, customer.totp) });
  await note();
  expect(values.size).toBe(3);
});

for (const graceSeconds of [0, 10])
  test(`replaces the session cookie with ${graceSeconds} s of grace`, async ({ openSite, visit, clock }) => {
    const site = await openSite({ rotateSessionCookie: { graceSeconds } });
    const visitor = await visit(site);
    await signInByRequest(visitor, customer, clock);
    const old = await sessionCookie(visitor);
    expect((await visitor.get('/api/me')).status()).toBe(200);
    expect(await sessionCookie(visitor)).not.toBe(old);
    const late = await visit(site);
    const statusOfOld = async () =>
      (await late.get('/api/me', { headers: { cookie: `consultations.session=${old}` } })).status();
    if (graceSeconds > 0) expect([await statusOfOld(), await statusOfOld()]).toEqual([200, 200]);
    clock.nowMs += graceSeconds * 1000;
    expect(await statusOfOld()).toBe(401);
    expect((await visitor.get('/api/me')).status()).toBe(200);
    expect(site.sessionsOf(customer.email)).toBe(1);
    site.endSessions(customer.email);
    expect((await visitor.get('/api/me')).status()).toBe(401);
  });

for (const [next, leadsTo] of [
  ['/consultations?page=2', '/consultations?page=2'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example/', '/'],
  ['/\t/evil.example/', '/'],
  ['/.//evil.example/', '/'],
  ['/sign-in', '/'],
  ['javascript:alert(1)', '/'],
  ['', '/'],
] as const)
  test(`goes on to ${leadsTo} when asked for ${JSON.stringify(next)}`, async ({ openSite, visit, clock }) => {
    const site = await openSite();
    const answer = await signInByRequest(await visit(site), customer, { ...clock, next });
    expect(answer.url()).toBe(site.url + leadsTo);
  });

test('asks for a human instead of a password', async ({ openSite, page, visit }) => {
  const site = await openSite({ captcha: true });
  await page.goto(`${site.url}/sign-in`);
  await expect(page.getByText('Prove that you are human')).toBeVisible();
  await expect(page.getByLabel('Password')).toHaveCount(0);
  site.setCaptcha(false);
  const visitor = await visit(site);
  await sendPassword(visitor, customer);
  expect(site.attempts(customer.email)).toBe(1);
});

test('changes a password', async ({ openSite, visit, clock }) => {
  const site = await openSite();
  const visitor = await visit(site);
  site.setPassword(customer.email, 'another one');
  expect((await sendPassword(visitor, customer)).status()).toBe(401);
  await signInByRequest(visitor, { ...customer, password: 'another one' }, clock);
  expect(site.signIns(customer.email)).toBe(1);
});

test('keeps its sessions, codes and consultations after a restart', async ({
  openSite,
  visit,
  clock,
}, testInfo) => {
  const stateFile = testInfo.outputPath('state.json');
  const first = await openSite({ stateFile });
  const before = await visit(first);
  await signInByRequest(before, newcomer, clock);
  const booking = { topic: 'After the restart', adviser: 'Mei Tanaka', date: '2030-02-01', time: '10:00' };
  await sendForm(before, '/consultations', booking);
  const cookie = `consultations.session=${await sessionCookie(before)}`;
  await first.close();

  const second = await openSite({ stateFile });
  const after = await visit(second);
  const listed = await after.get('/api/consultations', { headers: { cookie } });
  expect(await listed.json()).toMatchObject({ consultations: [{ topic: 'After the restart' }] });
  const reused = await signInByRequest(await visit(second), newcomer, clock);
  expect(await reused.text()).toContain('That code was used already');
  expect(second.signIns(newcomer.email)).toBe(0);
  if (process.platform !== 'win32') expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
});

test('opens its test controls only with the key', async ({ openSite, visit, clock }) => {
  const site = await openSite({ testControlKey: 'for-tests-only' });
  const visitor = await visit(site);
  await signInByRequest(visitor, customer, clock);
  const headers = { 'x-test-control-key': 'for-tests-only' };
  const counters = async () =>
    (await visitor.get('/test-controls/counters', { headers })).json() as Promise<unknown>;
  const none = { signIns: 0, attempts: 0, sessions: 0 };
  expect((await visitor.get('/test-controls/counters')).status()).toBe(403);
  expect(await counters()).toEqual({
    accounts: {
      [admin.email]: none,
      [customer.email]: { signIns: 1, attempts: 1, sessions: 1 },
      [newcomer.email]: none,
    },
  });
  await visitor.post('/test-controls/end-sessions', { headers, data: { email: customer.email } });
  expect(await counters()).toMatchObject({ accounts: { [customer.email]: { signIns: 1, sessions: 0 } } });
  await visitor.post('/test-controls/reset', { headers });
  expect(await counters()).toMatchObject({ accounts: { [customer.email]: none } });
  const closed = await visit(await openSite());
  expect((await closed.get('/test-controls/counters', { headers })).status()).toBe(404);
});

test('sends its pages with headers that allow nothing inline', async ({ openSite, visit }) => {
  const answer = await (await visit(await openSite())).get('/sign-in');
  expect(answer.headers()).toMatchObject({
    'content-security-policy': expect.stringContaining(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    ),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'set-cookie': expect.stringMatching(/; HttpOnly; SameSite=Lax$/),
  });
});

test('has its demo accounts in .env.auth-sessions.example', async () => {
  const example = parse(await readFile(new URL('../../.env.auth-sessions.example', import.meta.url)));
  for (const [key, { email, password, totp }] of Object.entries(demoAccounts)) {
    const prefix = `AUTOMATION__CONSULTATIONS_${key.toUpperCase()}__`;
    expect([example[`${prefix}USERNAME`], example[`${prefix}PASSWORD`]]).toEqual([email, password]);
    expect(example[`${prefix}ONE_TIME_PASSWORD`]).toContain(totp.secret);
  }
});

async function cancel(visitor: APIRequestContext, id: string) {
  const page = await (await visitor.get('/consultations')).text();
  const token = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  return visitor.post(`/consultations/${id}/cancel`, { form: { _csrf: token } });
}

async function sessionCookie(visitor: APIRequestContext): Promise<string | undefined> {
  const { cookies } = await visitor.storageState();
  return cookies.find(({ name }) => name === 'consultations.session')?.value;
}
