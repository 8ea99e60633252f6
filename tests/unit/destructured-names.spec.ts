import { expect, test } from '@playwright/test';
import { destructuredNames } from '../../src/flow/destructured-names.js';

/** As a flow's file is loaded: from source, so that nothing but the loader touches it. */
function fromSource(source: string): (...args: never[]) => unknown {
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call -- sources are below
  return new Function(`return ${source};`)() as (...args: never[]) => unknown;
}

for (const [source, names] of [
  ['({ request }) => 1', ['request']],
  ['async ({ request }) => 1', ['request']],
  ['async({request})=>1', ['request']],
  ['({ page, request, }) => 1', ['page', 'request']],
  ['({\n  page,\n  request\n}) => 1', ['page', 'request']],
  ['function ({ request }) {}', ['request']],
  ['async function check({ request }) {}', ['request']],
  ['({ check({ request }) {} }).check', ['request']],
  ['({ async check({ request }) {} }).check', ['request']],
  ['({ async *check({ request }) {} }).check', ['request']],
  ['(class { static async check({ page }) {} }).check', ['page']],
  ['({ request: api }) => 1', ['request']],
  ['({ request: { get } }) => 1', ['request']],
  ['({ request = 1, page }) => 1', ['request', 'page']],
  ['({ request = f({ a, b }, [1, 2]), page }) => 1', ['request', 'page']],
  ['({ request } = {}) => 1', ['request']],
  ['({ request }, second) => 1', ['request']],
  ['({ request, // page\n }) => 1', ['request']],
  ['({ // the page\n page, request }) => 1', ['page', 'request']],
  ['(/* tools */ { /* one */ page /* two */ }) => 1', ['page']],
  ["({ baseURL = 'https://app.example', page }) => 1", ['baseURL', 'page']],
  ['function /* ({ no }) */ check({ page }) {}', ['page']],
  ['() => 1', []],
  ['async () => 1', []],
  ['function () {}', []],
  ['({}) => 1', []],
  ['tools => 1', undefined],
  ['async tools => f(tools)', undefined],
  ['tools => ({ request }) => 1', undefined],
  ['(tools) => 1', undefined],
  ['(...tools) => 1', undefined],
  ['([page]) => 1', undefined],
  ['({ request, ...rest }) => 1', undefined],
  ['(function ({ page }) {}).bind(1)', undefined],
  ['Math.max', undefined],
] as const)
  test(`reads ${names ? `[${names.join(', ')}]` : 'nothing it could be sure of'} from ${JSON.stringify(source)}`, () => {
    expect(destructuredNames(fromSource(source))).toEqual(names);
  });
