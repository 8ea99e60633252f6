import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './listen.js';

/** What nobody may come to see: of awkward kinds, and found in no other text. */
export const canaries = {
  password: 'Kanarie "Vogel" & <Käfig> 7%',
  seed: 'KANARIENVOGELSEEDKANARIENVOGEL22',
  cookie: 'canary-cookie-4f1d/9a+7c=e2',
  readableCookie: 'canaryreadable5b8e0d3a11',
  local: 'canary-local-eyJhbGciOi-77aa90',
  tab: 'canary-tab-51c0ffee77deadbeef',
  bearer: 'canary-bearer-9d0c1f5e8a7b6c',
  passing: 'canary-passing-3b1f60e2d94a',
  long: `canary-long-${Array.from({ length: 300 }, (_, index) => ((index * 2_654_435_761) >>> 0).toString(36)).join('')}`,
} as const;

/** A site that signs one account in, and then shows everything it knows on its pages: the worst place for an agent. */
export interface CanarySite {
  readonly url: string;
  readonly signIns: number;
  /** Codes that were typed in so far. */
  readonly codes: readonly string[];
  /** Cookies that were given besides the first. */
  readonly rotated: readonly string[];
  endSessions(): void;
  close(): Promise<void>;
}

export async function createCanarySite(): Promise<CanarySite> {
  const state = { signIns: 0, valid: false, codes: [] as string[], rotated: [] as string[] };
  const server = createServer((request, response) => void answer(request, response, state));
  const { url, close } = await listen(server);
  return {
    url,
    get signIns() {
      return state.signIns;
    },
    codes: state.codes,
    rotated: state.rotated,
    endSessions: () => (state.valid = false),
    close,
  };
}

/** How to sign in there: a flow's text. */
export const canaryFlow = `
  import { defineAuthFlow } from '@auth';
  export default defineAuthFlow({
    async create({ page, credentials, totp }) {
      await page.goto('/sign-in');
      await page.getByLabel('Password').fill(credentials.password);
      await page.getByLabel('Code').fill(await totp());
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Signed in as ada').waitFor();
    },
    async check({ request }) { return (await request.get('/me')).ok(); },
    signedOut: ({ status }) => status === 401,
  });`;

interface State {
  signIns: number;
  valid: boolean;
  readonly codes: string[];
  readonly rotated: string[];
}

async function answer(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const send = (body: string, status = 200, cookies: readonly string[] = []) => {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': [...cookies] });
    response.end(`<!doctype html><title>Site</title><body>${body}`);
  };
  if (pathname === '/sign-in' && request.method === 'POST') {
    const form = new URLSearchParams(await read(request));
    if (form.get('password') !== canaries.password) {
      send('no', 403);
      return;
    }
    state.codes.push(form.get('code') ?? '');
    state.signIns += 1;
    state.valid = true;
    send(storing, 200, [
      `sid=${encodeURIComponent(canaries.cookie)}; HttpOnly; Path=/`,
      `seen_token=${canaries.readableCookie}; Path=/`,
    ]);
    return;
  }
  if (pathname === '/sign-in') {
    send(signInForm);
    return;
  }
  if (pathname === '/shows-hash') {
    send(`<div id="host"></div><script>
      host.attachShadow({ mode: 'closed' }).textContent = decodeURIComponent(location.hash);</script>`);
    return;
  }
  const cookie = request.headers.cookie ?? '';
  if (!state.valid || !cookie.includes('sid=')) {
    send('Signed out', 401);
    return;
  }
  if (pathname === '/rotate') {
    const fresh = `canary-rotated-${state.rotated.length}-0a1b2c3d4e5f`;
    state.rotated.push(fresh);
    send(`You have ${fresh} now`, 200, [`sid2=${fresh}; HttpOnly; Path=/`]);
    return;
  }
  if (pathname === '/passing') {
    send(passing, 200, [`passing=${canaries.passing}; HttpOnly; Path=/`]);
    return;
  }
  if (pathname === '/forget') {
    send('', 200, ['passing=; Max-Age=0; Path=/']);
    return;
  }
  if (pathname === '/token') {
    response.end(canaries.bearer);
    return;
  }
  send(pages(cookie)[pathname] ?? hidingPlaces[pathname] ?? 'Signed in as ada');
}

const signInForm = `<form method="post" action="/sign-in"><label>Password <input name="password" type="password"></label>
  <label>Code <input name="code"></label><button>Sign in</button></form>`;

const storing = `Signed in as ada<script>
  localStorage.setItem('api_token', ${JSON.stringify(canaries.local)});
  sessionStorage.setItem('tab_token', ${JSON.stringify(canaries.tab)});</script>`;

/** A cookie that is shown, and gone before anybody could look for it. */
const passing = `<p>Now ${canaries.passing}</p><script>
  const request = new XMLHttpRequest();
  request.open('GET', '/forget', false);
  request.send();</script>`;

/** Where a value can be seen that is in no text of the document, or can be taken apart. */
const hidingPlaces: Readonly<Record<string, string>> = {
  '/open-shadow': `<div id="host"></div><script>
    host.attachShadow({ mode: 'open' }).innerHTML = '<p>' + localStorage.api_token + '</p>';</script>`,
  '/closed-shadow': `<div id="host"></div><script>
    host.attachShadow({ mode: 'closed' }).innerHTML = '<p>' + localStorage.api_token + '</p>';</script>`,
  '/shadow-field': `<div id="host"></div><script>
    const root = host.attachShadow({ mode: 'open' });
    root.innerHTML = '<input>';
    root.querySelector('input').value = localStorage.api_token;</script>`,
  '/placeholder': `<input id="field"><script>field.placeholder = localStorage.api_token;</script>`,
  '/styled': `<style>p::before { content: attr(data-text); }</style><p id="text"></p>
    <script>text.dataset.text = localStorage.api_token;</script>`,
  '/option': `<select><option id="only"></option></select><script>only.textContent = localStorage.api_token;</script>`,
  '/drawing': `<svg width="900" height="40"><text y="20" id="text"></text></svg>
    <script>text.textContent = localStorage.api_token;</script>`,
  '/in-frame': `<iframe srcdoc="<div id='host'></div><script>host.attachShadow({ mode: 'closed' }).textContent =
    parent.localStorage.api_token;</script>"></iframe>`,
  '/in-other-frame': `<iframe id="frame"></iframe><script>
    frame.src = location.origin.replace('127.0.0.1', 'localhost') + '/shows-hash#' + localStorage.api_token;</script>`,
  '/plain-frame': `<iframe id="frame"></iframe><script>
    frame.src = location.origin.replace('127.0.0.1', 'localhost') + '/shows-hash#nothing';</script>`,
  '/long': `<h1 id="heading"></h1><button id="button"></button><a id="link">link</a><input id="field" aria-label="Long">
    <button id="labelled">x</button><button onclick="alert(localStorage.long_token)">Tell</button><script>
    localStorage.long_token = ${JSON.stringify(canaries.long)};
    const long = localStorage.long_token;
    for (const element of [heading, button]) element.textContent = long;
    labelled.setAttribute('aria-label', 'for ' + long);
    link.href = '/?q=' + long;
    field.value = long;
    document.title = long;
    console.log(long, { long }, [long]);
    setTimeout(() => { throw new Error(long); });</script>`,
  '/edit': `<label>Key <input id="key"></label><label>Area <textarea id="area"></textarea></label>
    <div role="textbox" aria-label="Rich" contenteditable id="rich"></div><div id="host"></div>
    <p id="text">Token</p><label>Notes <input></label><script>
    for (const field of [key, area]) field.value = localStorage.api_token;
    rich.textContent = localStorage.api_token;
    text.textContent = localStorage.api_token;
    const root = host.attachShadow({ mode: 'open' });
    root.innerHTML = '<input aria-label="Shadowed">';
    root.querySelector('input').value = localStorage.api_token;</script>`,
  '/in-memory': `<p id="text"></p><script>
    fetch('/token').then((answer) => answer.text()).then(async (token) => {
      await fetch('/me', { headers: { authorization: 'Bearer ' + token } });
      text.textContent = 'Works with ' + token;
      console.log('has', token);
    });</script>`,
};

function pages(cookie: string): Readonly<Record<string, string>> {
  const escaped = cookie.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return {
    '/echo': `<h1>Signed in as ada</h1><p>Cookies: ${escaped}</p><p title="${escaped}">${Buffer.from(cookie).toString('base64')}</p>
      <input aria-label="Stored" id="stored"><a id="link" href="/">link</a><script>
      stored.value = localStorage.getItem('api_token');
      link.href = '/?token=' + encodeURIComponent(sessionStorage.getItem('tab_token'));
      link.textContent = btoa(localStorage.getItem('api_token'));
      document.title = 'Token ' + document.cookie;
      console.log('stored', localStorage.getItem('api_token'), sessionStorage.getItem('tab_token'), document.cookie);
      setTimeout(() => { throw new Error('failed with ' + localStorage.getItem('api_token')); });</script>`,
    '/dialog': `<button onclick="alert(localStorage.getItem('api_token') + document.cookie)">Tell</button>`,
    '/form': `<label>Name <input id="name"></label><select aria-label="Kind"><option>one</option><option>two</option></select>
      <input type="file" aria-label="File"><p draggable="true">drag</p><button onclick="location = '/echo'">Go</button>`,
    '/address': `<script>location = '/?code=' + localStorage.getItem('api_token') + '#' + sessionStorage.getItem('tab_token')</script>`,
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
