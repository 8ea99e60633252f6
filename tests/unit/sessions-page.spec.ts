import { expect, test } from '@playwright/test';
import { formatDuration, formatMoment, formatNumber } from '../../reports/sessions-page/format.js';
import { html, name } from '../../reports/sessions-page/html.js';
import { formatSessionsPage } from '../../reports/sessions-page/page.js';
import { maxUses } from '../../reports/sessions-page/run-view.js';
import { createTimeScale } from '../../reports/sessions-page/time-scale.js';
import { adviceFor } from '../../src/core/error-advice.js';
import { eventAt, runOf, runSamples, useAt } from '../support/run-samples.js';

test('separates the thousands of a number, in every locale', () => {
  expect([0, 7, 999, 1000, 12_345, 1_234_567].map(formatNumber)).toEqual([
    '0',
    '7',
    '999',
    '1,000',
    '12,345',
    '1,234,567',
  ]);
});

test('escapes what is put into HTML, and joins lists', () => {
  const evil = `<img src="x" onerror='alert(1)'>&\`\u0000`;
  const escaped = '&#60;img src=&#34;x&#34; onerror=&#39;alert(1)&#39;&#62;&#38;&#96;\uFFFD';
  expect(html`<td title="${evil}">${evil}</td>`.text).toBe(`<td title="${escaped}">${escaped}</td>`);
  expect(html`${[html`<b>1</b>`, '<', 2, false, undefined]}`.text).toBe('<b>1</b>&#60;2');
  expect(name('\u202Eeman').text).toBe('<bdi>\u202Eeman</bdi>');
});

test('writes durations and moments for people', () => {
  const durations = [0, 0.4, 999, 999.6, 4210, 59_940, 59_960, 72_000, 120_000, 3_599_999];
  expect(durations.map(formatDuration)).toEqual([
    ...['0 ms', '0 ms', '999 ms', '1.0 s', '4.2 s', '59.9 s', '1 min', '1 min 12 s', '2 min', '60 min'],
  ]);
  expect(formatMoment(Date.UTC(2026, 10, 21, 9, 3, 7, 999))).toBe('21 Nov 2026, 09:03:07 UTC');
});

test.describe('the time scale', () => {
  const labels = (toMs: number, settledMs = toMs) =>
    createTimeScale({ fromMs: 0, toMs, settledMs }).ticks.map(({ label }) => label);

  test('has few round ticks for runs of any length', () => {
    expect(labels(42_000)).toEqual(['0 s', '10 s', '20 s', '30 s', '40 s']);
    expect(labels(240)).toEqual(['0 s', '50 ms', '100 ms', '150 ms', '200 ms']);
    expect(labels(95_000)).toEqual(['0 s', '30 s', '1 min', '1 min 30 s']);
    for (const toMs of [0, 1, 7, 999, 61_000, 3_600_000, 86_400_000]) {
      expect(labels(toMs).length).toBeGreaterThan(0);
      expect(labels(toMs).length).toBeLessThanOrEqual(8);
    }
  });

  test('puts moments in their order, and none outside', () => {
    const scale = createTimeScale({ fromMs: 1000, toMs: 61_000, settledMs: 9000 });
    const places = [0, 1000, 5000, 9000, 20_000, 61_000, 90_000].map((ms) => scale.at(ms));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect([places[0], places.at(-1)]).toEqual([0, 100]);
  });

  test('gives half of a long run to what happens at its beginning', () => {
    const scale = createTimeScale({ fromMs: 0, toMs: 300_000, settledMs: 9000 });
    expect(scale.closeUpEnd).toBe(50);
    expect(scale.at(10_000)).toBe(50);
    expect(scale.ticks.map(({ label }) => label)).toEqual([
      ...['0 s', '5 s', '10 s', '1 min', '2 min', '3 min', '4 min', '5 min'],
    ]);
    expect(createTimeScale({ fromMs: 0, toMs: 30_000, settledMs: 20_000 }).closeUpEnd).toBeUndefined();
  });

  test('takes a clock that was set back', () => {
    expect(createTimeScale({ fromMs: 5000, toMs: 1000, settledMs: 0 }).at(4000)).toBe(0);
  });
});

test('shows what names, titles and notes hold as text', () => {
  const page = formatSessionsPage(runSamples.hostile ?? runOf({}));
  expect(page).not.toMatch(/<script|<img|onerror="/i);
  expect(page.match(/<\/(style|title|head)>/g)).toHaveLength(countOf(page, '<title>') + 2);
  expect(page).toContain('&#60;script&#62;');
});

test('needs nothing from anywhere', () => {
  for (const run of Object.values(runSamples)) {
    const page = formatSessionsPage(run);
    expect(page).not.toMatch(/<(script|link|iframe|img|object)\b|url\(|@import|\bon[a-z]+="/i);
    expect(page.match(/(?:href|src)="(?!#)[^"]*"/g)).toBeNull();
    expect(page).toContain('default-src &#39;none&#39;');
  }
});

test('shows how a test uses a session when the run used none', () => {
  expect(formatSessionsPage(runOf({}))).toContain('No test used a session');
});

test('says what a failure means and what to do', () => {
  const page = formatSessionsPage(
    runOf({ events: [eventAt(0, { outcome: 'failed', errorCode: 'ERR_CREDENTIALS_REJECTED' })] }),
  );
  expect(page).toContain(adviceFor('ERR_CREDENTIALS_REJECTED').next);
  expect(adviceFor('ERR_OF_NO_ONE').next).toContain('error of a test');
  expect(adviceFor('constructor').next).toContain('error of a test');
});

test('shows the whole error of a failure, each different one once', () => {
  const failureOf = (known: string) => ({ failed: 'It failed.', known, next: 'Fix the flow.' });
  const failed = (atMs: number, known: string) =>
    eventAt(atMs, { outcome: 'failed', errorCode: 'ERR_SIGN_IN_FAILED', failure: failureOf(known) });
  const events = [
    failed(0, 'No button "Sign in".\nThe page was /one.'),
    failed(9, 'Too slow.'),
    failed(20, 'Too slow.'),
  ];
  const page = formatSessionsPage(runOf({ events }));
  expect(page).toContain('No button &#34;Sign in&#34;.\nThe page was /one.');
  expect([countOf(page, 'Too slow.'), countOf(page, 'Fix the flow.')]).toEqual([1, 2]);
  expect(page).not.toContain(adviceFor('ERR_SIGN_IN_FAILED').next);
});

test('shows the first uses of a large run, and says where the others are', () => {
  const uses = Array.from({ length: maxUses + 500 }, (_, index) => useAt(index));
  const page = formatSessionsPage(runOf({ events: [eventAt(0)], uses }));
  expect(page).toMatch(/the other 500 are in\s+auth-sessions\.json/);
  expect(countOf(page, '<th scope="row" class="test">')).toBe(maxUses);
});

test('a session of two base URLs has a lane and a table for each', () => {
  const events = ['https://one.example', 'https://two.example'].map((baseURL) => eventAt(0, { baseURL }));
  const page = formatSessionsPage(runOf({ events }));
  expect(page).toContain('admin (https://one.example)');
  expect(page).toContain('admin (https://two.example)');
  expect(countOf(page, '<details')).toBe(2);
});

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

test('says what each vault got and what its budget leaves, also of each shard', () => {
  const vaultBudgets = [
    { sent: 1, left: 1499 },
    { connection: 'staging<', sent: 6, left: 0 },
  ];
  const textOf = (page: string) => page.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  const one = textOf(formatSessionsPage({ ...runOf({ events: [eventAt(0)] }), vaultBudgets }));
  expect(one).toContain('1 request sent, 1,499 left of maxVaultRequests .');
  expect(one).toContain('staging&#60; : 6 requests sent, 0 left of maxVaultRequests .');
  const totals = { signIns: 1, vaultRequests: 7, codes: 0, handedOut: 1 };
  const shards = [{ label: '1/2', startedAtMs: 0, endedAtMs: 1, store: 'files', totals, vaultBudgets }];
  const merged = textOf(formatSessionsPage({ ...runOf({ events: [eventAt(0)] }), shards, vaultBudgets }));
  expect(merged).toContain(' 7 1,499 left, staging&#60; : 0 left ');
  expect(merged).toContain('1 request sent, 1,499 left of maxVaultRequests , in all shards together.');
});
