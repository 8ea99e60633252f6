import { objectOf, type ClientObject, type Message, type Sending } from './intercept-sends.js';

/** The URLs of the pages and servers that get a message; `undefined`: any page may. */
export type Targets = readonly string[] | undefined;

/**
 * Where a message goes. An element's frame counts, not its page. `undefined` for what is known to no single place, such
 * as a script for all pages, and for what is not known here.
 */
export async function targetsOf(
  message: Message,
  { sending, baseURL }: { readonly sending: Sending; readonly baseURL: string | undefined },
): Promise<Targets> {
  const { object, method, params } = message;
  const about = `${object._type}.${method}`;
  const absolute = (url: unknown) => absoluteUrl(url, baseURL);
  switch (object._type) {
    case 'Frame':
      if (method === 'goto') return absolute(params.url);
      return typeof params.selector === 'string'
        ? frameOfSelector(object, params.selector, sending)
        : urlOf(object);
    case 'ElementHandle':
      return urlOf((await ownerOf(object, sending)) ?? above(object, 'Frame'));
    case 'JSHandle':
      return above(object, 'Worker') ? textOf(above(object, 'Worker'), 'url') : urlOf(above(object, 'Frame'));
    case 'Page':
      if (about.startsWith('Page.keyboard')) return focusedFrames(object, sending);
      return about.startsWith('Page.webStorage') ? urlOf(object._mainFrame) : undefined;
    case 'Dialog':
      return urlOf((objectOf(object._initializer.page) ?? above(object, 'Page'))?._mainFrame);
    case 'BindingCall':
      return urlOf(objectOf(object._initializer.frame));
    case 'Route':
      return params.url === undefined
        ? textOf(objectOf(object._initializer.request), 'url')
        : absolute(params.url);
    case 'Worker':
    case 'WebSocketRoute':
      return textOf(object, 'url');
    case 'APIRequestContext':
      return method === 'addCookies' ? cookieUrls(params.cookies) : absolute(params.url);
    case 'BrowserContext':
      if (method === 'addCookies') return cookieUrls(params.cookies);
      return method === 'setHTTPCredentials' ? originsOf(params.httpCredentials) : undefined;
    default:
      return undefined;
  }
}

/** The frame of an element, which a selector with a `frameLocator` finds below the frame that is asked. */
export async function ownerOf(element: ClientObject, sending: Sending): Promise<ClientObject | undefined> {
  return objectOf((await sending.other({ object: element, method: 'ownerFrame', timeoutMs: 0 })).frame);
}

/** Documents without an address belong to the page around them: `about:srcdoc`. */
export function urlOf(frame: ClientObject | null | undefined): Targets {
  let one = frame;
  while (one?._parentFrame && /^(?:about:|$)/.test(one._url ?? '')) one = one._parentFrame;
  return one?._url === undefined ? undefined : [one._url];
}

async function frameOfSelector(frame: ClientObject, selector: string, sending: Sending): Promise<Targets> {
  if (!selector.includes('internal:control=enter-frame')) return urlOf(frame);
  const params = { selector, state: 'attached' };
  const element = objectOf(
    (await sending.other({ object: frame, method: 'waitForSelector', params })).element,
  );
  return urlOf(element && (await ownerOf(element, sending)));
}

/**
 * Keys go to the frame with the focus. `:focus` matches there only, and Playwright evaluates selectors where the page's
 * own scripts cannot interfere. If nothing has the focus, any frame may get them.
 */
async function focusedFrames(page: ClientObject, sending: Sending): Promise<Targets> {
  const frames = [...(page._frames ?? [])];
  const focused = await Promise.all(
    frames.map(async (frame) => ({ frame, isFocused: await hasFocus(frame, sending) })),
  );
  const found = focused.filter(({ isFocused }) => isFocused).map(({ frame }) => frame);
  const urls = (found.length > 0 ? found : frames).map(urlOf);
  return urls.length === 0 || urls.includes(undefined) ? undefined : urls.flatMap((one) => one ?? []);
}

async function hasFocus(frame: ClientObject, sending: Sending): Promise<boolean> {
  const asked = { object: frame, method: 'querySelector', params: { selector: 'css=:focus' }, timeoutMs: 0 };
  return (await sending.other(asked)).element !== undefined;
}

function above(object: ClientObject, type: string): ClientObject | undefined {
  let one = object._parent;
  while (one && one._type !== type) one = one._parent;
  return one;
}

function textOf(object: ClientObject | undefined, name: string): Targets {
  const text = object?._initializer[name];
  return typeof text === 'string' ? [text] : undefined;
}

function absoluteUrl(url: unknown, baseURL: string | undefined): Targets {
  return typeof url === 'string' && URL.canParse(url, baseURL) ? [new URL(url, baseURL).href] : undefined;
}

function cookieUrls(cookies: unknown): Targets {
  return all(cookies, ({ url, domain }) =>
    typeof domain === 'string' ? `https://${domain.replace(/^\./, '')}` : url,
  );
}

function originsOf(credentials: unknown): Targets {
  return all(Array.isArray(credentials) ? credentials : [credentials], ({ origin }) => origin);
}

function all(list: unknown, of: (one: Record<string, unknown>) => unknown): Targets {
  const found = (Array.isArray(list) ? list : []).map((one) => of({ ...(one as object) }));
  const texts = found.filter((one) => typeof one === 'string');
  return texts.length === found.length && texts.length > 0 ? texts : undefined;
}
