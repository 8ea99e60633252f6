import { expect, test, type BrowserContext } from '@playwright/test';
import { sendHeaders } from '../../src/browser/send-headers.js';
import { createApiSite, type ApiSite, type OriginName } from '../support/api-site.js';

let site: ApiSite;
let own: string;
let other: string;
let third: string;

test.beforeEach(async () => {
  site = await createApiSite();
  ({ own, other, third } = site.origins);
});

test.afterEach(() => site.close());

async function withHeaders(context: BrowserContext): Promise<BrowserContext> {
  await sendHeaders(context, { origins: [own], items: [{ name: 'X-Own', value: 'mine' }] });
  return context;
}

const seen = (name: OriginName) => site.seen(name, 'x-own');
const page = (html: string) => `/page?${encodeURIComponent(html)}`;
const to = (url: string) => `/to?${encodeURIComponent(url)}`;

test.describe('pages with headers', () => {
  test('a page sends them to its own origin, and none to the origins of its parts', async ({ context }) => {
    const tab = await (await withHeaders(context)).newPage();
    await tab.goto(
      own +
        page(`<script src="${own}/script"></script><script src="${other}/script"></script>
          <img src="${other}/image"><iframe src="${other}/frame"></iframe><iframe src="${own}/frame"></iframe>`),
    );
    expect(seen('own').sort()).toEqual(['GET /frame mine', 'GET /page mine', 'GET /script mine']);
    expect(seen('other').sort()).toEqual(['GET /frame -', 'GET /image -', 'GET /script -']);
  });

  test('a page sends them at each hop of a redirect at its own origin, and at no other', async ({
    context,
  }) => {
    const tab = await (await withHeaders(context)).newPage();
    await tab.goto(own + to(`/to?${encodeURIComponent(other + to(third + to(`${own}/end`)))}`));
    expect(seen('own')).toEqual(['GET /to mine', 'GET /to mine', 'GET /end mine']);
    expect([...seen('other'), ...seen('third')]).toEqual(['GET /to -', 'GET /to -']);
    await tab.goto(other + to(`${own}/arrived`));
    expect(seen('own').at(-1)).toBe('GET /arrived mine');
    expect(seen('other').at(-1)).toBe('GET /to -');
  });

  test('a redirect that sets a cookie and a form with a file arrive whole', async ({ context }) => {
    await context.addCookies([{ name: 'fresh', value: '1', url: own }]);
    const tab = await (await withHeaders(context)).newPage();
    await tab.goto(`${own}/cookie?${encodeURIComponent('/end')}`);
    expect(site.seen('own', 'cookie')).toEqual(['GET /cookie fresh=1', 'GET /end fresh=2']);
    await tab.goto(
      own +
        page(
          '<form method="post" enctype="multipart/form-data" action="/form"><input type="file" name="f"><button>Go</button></form>',
        ),
    );
    await tab
      .locator('input')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('text') });
    await tab.getByRole('button', { name: 'Go' }).click();
    await tab.waitForURL('**/form');
    expect(seen('own').at(-1)).toBe('POST /form mine');
    expect(site.requests.find(({ path }) => path === '/form')?.headers['content-type']).toContain(
      'multipart/form-data; boundary=',
    );
  });

  test('a context that has no session any more sends none', async ({ context }) => {
    const tab = await (await withHeaders(context)).newPage();
    await tab.goto(`${own}/before`);
    await sendHeaders(context, undefined);
    await tab.goto(`${own}/after`);
    await tab.request.get(`${own}/after`);
    expect(seen('own')).toEqual(['GET /before mine', 'GET /after -', 'GET /after -']);
  });

  test('fetch, workers, popups and frames in other sites send them, and never elsewhere', async ({
    context,
  }) => {
    const tab = await (await withHeaders(context)).newPage();
    await tab.goto(own + page('<title>own</title>'));
    const popup = tab.waitForEvent('popup');
    await tab.evaluate(
      async ([ownUrl, otherUrl, away]) => {
        await fetch(`${ownUrl}/fetched`);
        await fetch(`${otherUrl}/fetched`);
        await fetch(away ?? '');
        const script = `Promise.all([fetch('${ownUrl}/worked'), fetch('${otherUrl}/worked')]).then(() => postMessage(1))`;
        const worker = new Worker(URL.createObjectURL(new Blob([script])));
        await new Promise((resolve) => (worker.onmessage = resolve));
        open(`${ownUrl}/popup`);
      },
      [own, other, own + to(`${other}/away`)],
    );
    await (await popup).waitForLoadState();
    await tab.goto(other + page(`<iframe src="${own}/inside"></iframe>`));
    expect(seen('own')).toEqual([
      ...['GET /page mine', 'GET /fetched mine', 'GET /to mine', 'GET /worked mine', 'GET /popup mine'],
      'GET /inside mine',
    ]);
    expect(seen('other').sort()).toEqual(['GET /away -', 'GET /fetched -', 'GET /page -', 'GET /worked -']);
  });

  test('the handshake of a WebSocket has none', async ({ context }) => {
    const tab = await (await withHeaders(context)).newPage();
    await tab.goto(own + page(''));
    await tab.evaluate(
      async (urls) =>
        Promise.all(
          urls.map(
            async (url) =>
              new Promise<void>(
                (resolve) => (new WebSocket(url.replace('http', 'ws')).onclose = () => resolve()),
              ),
          ),
        ),
      [`${own}/socket`, `${other}/socket`],
    );
    expect([seen('own').at(-1), seen('other').at(-1)]).toEqual(['GET /socket -', 'GET /socket -']);
  });

  test('the server answers preflights', async ({ context }) => {
    const tab = await (await withHeaders(context)).newPage();
    await tab.goto(own + page(''));
    await tab.evaluate((url) => fetch(url, { headers: { authorization: 'x' } }), `${other}/cross`);
    expect(seen('other')).toEqual(['OPTIONS /cross -', 'GET /cross -']);
  });

  test('a header that a page or a route sets wins, and routes that set none change nothing', async ({
    context,
  }) => {
    const tab = await (await withHeaders(context)).newPage();
    await tab.goto(own + page(''));
    await tab.evaluate((url) => fetch(url, { headers: { 'x-own': 'page' } }), `${own}/page-says`);
    await tab.route('**/routed', (route) =>
      route.continue({ headers: { ...route.request().headers(), 'x-own': 'test' } }),
    );
    await tab.evaluate((url) => fetch(url), `${own}/routed`);
    await context.route('**', (route) => route.continue());
    await tab.evaluate((url) => fetch(url), `${own}/continued`);
    await context.unrouteAll();
    await tab.evaluate((url) => fetch(url), `${own}/unrouted`);
    await tab.route('**/moved', (route) => route.continue({ url: `${other}/moved` }));
    await tab.evaluate((url) => fetch(url), `${own}/moved`);
    await tab.route('**/fetched', async (route) => route.fulfill({ response: await route.fetch() }));
    await tab.evaluate((url) => fetch(url), `${own}/fetched`);
    expect(seen('own').slice(1)).toEqual([
      ...['GET /page-says page', 'GET /routed test', 'GET /continued mine', 'GET /unrouted mine'],
      'GET /fetched mine',
    ]);
    expect(seen('other')).toEqual(['GET /moved -']);
  });

  test('a service worker sends them', async ({ context }) => {
    const tab = await (await withHeaders(context)).newPage();
    await tab.goto(own + page(''));
    const script = `onfetch = (event) => event.respondWith(fetch(event.request));
      onactivate = (event) => event.waitUntil(clients.claim());`;
    await tab.evaluate(
      async (url) => {
        await navigator.serviceWorker.register(url, { scope: '/' });
        await navigator.serviceWorker.ready;
        if (!navigator.serviceWorker.controller)
          await new Promise((resolve) => (navigator.serviceWorker.oncontrollerchange = resolve));
      },
      `/script?${encodeURIComponent(script)}`,
    );
    await tab.evaluate(
      async ([ownUrl, otherUrl]) => {
        await fetch(`${ownUrl}/served`);
        await fetch(`${otherUrl}/served`);
      },
      [own, other],
    );
    expect(seen('own').at(-1)).toBe('GET /served mine');
    expect(seen('other')).toEqual(['GET /served -']);
  });

  test('another context sends none of them', async ({ context, browser }) => {
    await withHeaders(context);
    const second = await browser.newContext();
    const third = await browser.newContext();
    await sendHeaders(third, { origins: [own], items: [{ name: 'X-Own', value: 'third' }] });
    await (await second.newPage()).goto(`${own}/second`);
    await (await third.newPage()).goto(`${own}/third`);
    await Promise.all([second.close(), third.close()]);
    expect(seen('own')).toEqual(['GET /second -', 'GET /third third']);
  });
});

test.describe('requests with headers', () => {
  test('a request sends them to its own origin, at each hop, and never elsewhere', async ({
    context,
    playwright,
  }) => {
    const alone = await playwright.request.newContext();
    await sendHeaders(alone, { origins: [own], items: [{ name: 'X-Own', value: 'mine' }] });
    for (const request of [(await withHeaders(context)).request, alone]) {
      await request.get(own + to(`/to?${encodeURIComponent(other + to(third + to(`${own}/end`)))}`));
      await request.post(`${other}/direct`, { data: 'x' });
    }
    await alone.dispose();
    const hops = ['GET /to mine', 'GET /to mine', 'GET /end mine'];
    expect(seen('own')).toEqual([...hops, ...hops]);
    expect(seen('third')).toEqual(['GET /to -', 'GET /to -']);
    expect(seen('other')).toEqual(['GET /to -', 'POST /direct -', 'GET /to -', 'POST /direct -']);
  });

  test('a header that a test sets wins, and goes where it sends it', async ({ context }) => {
    const { request } = await withHeaders(context);
    await request.get(`${own}/set`, { headers: { 'x-own': 'test' } });
    await request.get(`${other}/set`, { headers: { 'x-own': 'mine' } });
    expect([seen('own'), seen('other')]).toEqual([['GET /set test'], ['GET /set mine']]);
  });
});
