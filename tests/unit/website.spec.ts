import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { getDomain, getPublicSuffix } from 'tldts';
import { fitsWebsites } from '../../src/core/website.js';
import { bindingWebsites, describeWebsite, type AutofillBehavior } from '../../src/core/website-address.js';
import { propertyRuns } from '../support/property-runs.js';

test.describe('anywhere on a website', () => {
  const rows: readonly (readonly [website: string, pages: readonly string[], others: readonly string[]])[] = [
    [
      'https://app.example.com/sign-in?from=home#top',
      [
        'https://app.example.com',
        'https://app.example.com/other',
        'https://APP.Example.COM./',
        'https://eu.app.example.com',
        'https://app.example.com:8443',
        'blob:https://app.example.com/3f7e',
        'wss://app.example.com/socket',
      ],
      [
        'http://app.example.com',
        'ws://app.example.com/socket',
        'https://example.com',
        'https://staging.example.com',
        'https://app.example.com.evil.net',
        'https://app.example.com@evil.net',
        'https://evil.net/app.example.com',
        'https://evil.net/?https://app.example.com',
        'https://evilapp.example.com',
        'https://app-example.com',
        'https://app.example.co',
        'https://аpp.example.com', // a Cyrillic a
        'https://app.example.com..',
        'about:blank',
        'about:srcdoc',
        'data:text/html,<input>',
        'file:///app.example.com/sign-in.html',
        'chrome-error://chromewebdata/',
        '',
        'app.example.com',
      ],
    ],
    [
      'https://www.example.com',
      ['https://www.example.com', 'https://example.com', 'https://shop.example.com'],
      ['https://example.org', 'https://wwwexample.com'],
    ],
    [
      'http://app.example.com',
      ['http://app.example.com', 'https://app.example.com'],
      ['https://example.com'],
    ],
    ['example.com', ['https://example.com', 'https://a.example.com'], ['http://example.com']],
    ['//example.com/x', ['https://example.com'], ['http://example.com']],
    [
      'https://github.io',
      ['https://github.io'],
      ['https://ada.github.io', 'https://github.io.evil.net', 'https://io'],
    ],
    ['https://www.github.io', ['https://www.github.io'], ['https://ada.github.io', 'https://github.io']],
    ['https://co.uk', ['https://co.uk'], ['https://example.co.uk']],
    ['https://example.co.uk', ['https://a.b.example.co.uk'], ['https://other.co.uk']],
    ['https://amazonaws.com', ['https://amazonaws.com'], ['https://bucket.s3.amazonaws.com']],
    ['https://intranet', ['https://intranet'], ['https://wiki.intranet', 'http://intranet']],
    [
      'localhost:3000',
      ['http://localhost:3000', 'https://localhost', 'http://localhost:4000', 'http://acme.localhost:3000'],
      ['http://127.0.0.1:3000', 'http://localhost.evil.net', 'http://evillocalhost'],
    ],
    ['https://localhost', ['https://localhost'], ['http://localhost']],
    [
      '127.0.0.1:3000',
      ['http://127.0.0.1:3000', 'http://127.1:3000', 'http://0x7f000001', 'http://2130706433'],
      ['http://127.0.0.2', 'http://localhost:3000', 'http://127.0.0.1.evil.net'],
    ],
    ['http://192.168.0.7', ['http://192.168.0.7', 'http://192.168.7'], ['http://192.168.0.70', 'http://0.7']],
    [
      'http://[::1]:3000',
      ['http://[::1]', 'http://[0:0:0:0:0:0:0:1]:80'],
      ['http://[::2]', 'http://[::ffff:127.0.0.1]'],
    ],
    [
      'https://bücher.example.com',
      ['https://xn--bcher-kva.example.com', 'https://BÜCHER.example.com', 'https://shop.bücher.example.com'],
      ['https://bucher.example.com'],
    ],
    ['https://аpple.com', ['https://xn--pple-43d.com'], ['https://apple.com']], // a Cyrillic a
    ['https://example.com.', ['https://example.com', 'https://a.example.com.'], ['https://com']],
  ];

  for (const [url, pages, others] of rows)
    test(`${url} fits its own pages only`, () => {
      const websites = [{ url, autofillBehavior: 'AnywhereOnWebsite' }] as const;
      expect(pages.filter((page) => !fitsWebsites(websites, page))).toEqual([]);
      expect(others.filter((page) => fitsWebsites(websites, page))).toEqual([]);
    });
});

test('an exact domain fits its host and port only', () => {
  const fits = (url: string, page: string) => fitsWebsites([{ url, autofillBehavior: 'ExactDomain' }], page);
  expect(fits('https://app.example.com', 'https://app.example.com/x')).toBe(true);
  expect(fits('https://app.example.com:443', 'https://app.example.com')).toBe(true);
  expect(fits('http://app.example.com', 'https://app.example.com')).toBe(true);
  expect(fits('https://app.example.com', 'https://app.example.com:8443')).toBe(false);
  expect(fits('https://app.example.com:8443', 'https://app.example.com')).toBe(false);
  expect(fits('https://app.example.com', 'https://eu.app.example.com')).toBe(false);
  expect(fits('https://www.example.com', 'https://example.com')).toBe(false);
  expect(fits('https://app.example.com', 'http://app.example.com')).toBe(false);
});

test('never fill excludes a website and its subdomains, even if another permits them', () => {
  const websites = [
    { url: 'https://example.com', autofillBehavior: 'AnywhereOnWebsite' },
    { url: 'http://staging.example.com', autofillBehavior: 'Never' },
  ] as const;
  expect(fitsWebsites(websites, 'https://app.example.com')).toBe(true);
  expect(fitsWebsites(websites, 'https://staging.example.com')).toBe(false);
  expect(fitsWebsites(websites, 'https://eu.staging.example.com')).toBe(false);
  expect(fitsWebsites(websites.slice(1), 'https://app.example.com')).toBe(false);
});

test('a behavior that is not known permits no more than an exact domain', () => {
  const websites = [{ url: 'https://example.com', autofillBehavior: 'Sometimes' as AutofillBehavior }];
  expect(fitsWebsites(websites, 'https://example.com')).toBe(true);
  expect(fitsWebsites(websites, 'https://a.example.com')).toBe(false);
});

test('empty websites do not bind, and broken ones fit nothing', () => {
  const anywhere = (url: string) => ({ url, autofillBehavior: 'AnywhereOnWebsite' }) as const;
  expect(bindingWebsites(undefined)).toBeUndefined();
  expect(bindingWebsites([anywhere(''), anywhere('  ')])).toBeUndefined();
  const broken = ['https://', 'https://exa mple.com', 'androidapp://com.example', 'https://user@example.com'];
  for (const url of [...broken, 'mailto:ada@example.com', 'javascript:alert(1)']) {
    expect(bindingWebsites([anywhere(url)]), url).toHaveLength(1);
    for (const page of [url, 'https://example.com', 'https://com.example', 'about:blank'])
      expect(fitsWebsites([anywhere(url)], page), `${url} on ${page}`).toBe(false);
  }
});

test('a website is shown without path, query and user', () => {
  const shown = (url: string, autofillBehavior: AutofillBehavior = 'AnywhereOnWebsite') =>
    describeWebsite({ url, autofillBehavior });
  expect(shown('HTTPS://App.Example.com:8443/in?token=abc#x')).toBe('https://app.example.com:8443');
  expect(shown('example.com', 'ExactDomain')).toBe('https://example.com (exact domain)');
  expect(shown('http://example.com', 'Never')).toBe('http://example.com (never fill)');
  expect(shown('not\na website')).toBe(String.raw`"not\na website" (not a web address)`);
});

test.describe('for any host of the public suffix list', () => {
  const label = fc.constantFrom('app', 'www', 'login', 'a', 'evil', 'xn--bcher-kva', 'example', 'github');
  const suffix = fc.constantFrom(
    ...['com', 'co.uk', 'github.io', 'kawasaki.jp', 'city.kawasaki.jp', 'ck', 'www.ck', 'localhost'],
    ...['s3.amazonaws.com', 'amazonaws.com', 'blogspot.com', 'internal', 'xn--p1ai', 'pages.dev'],
  );
  const host = fc
    .tuple(fc.array(label, { maxLength: 4 }), suffix)
    .map(([labels, end]) => [...labels, end].join('.'));
  const port = fc.constantFrom('', ':443', ':8443');
  const behavior = fc.constantFrom<AutofillBehavior>('AnywhereOnWebsite', 'ExactDomain');
  const registered = (name: string) => getDomain(name, { allowPrivateDomains: true });
  const isSuffix = (name: string) => getPublicSuffix(name, { allowPrivateDomains: true }) === name;

  test('a page that fits has the host of the website, or is of the same registered domain', () => {
    fc.assert(
      fc.property(host, host, port, behavior, (site, page, at, autofillBehavior) => {
        const websites = [{ url: `https://${site}${at}`, autofillBehavior }];
        if (!fitsWebsites(websites, `https://${page}${at}`) || page === site) return;
        expect(autofillBehavior).toBe('AnywhereOnWebsite');
        expect(`.${page}`.endsWith(`.${site.replace(/^www\./, '')}`)).toBe(true);
        if (site === 'localhost') return;
        expect(isSuffix(site)).toBe(false);
        expect(registered(page)).toBe(registered(site));
      }),
      { numRuns: propertyRuns(5000), seed: 1 },
    );
  });

  test('a website fits itself and, unless anyone can register names under it, its subdomains', () => {
    fc.assert(
      fc.property(host, label, port, (site, sub, at) => {
        const websites = [
          { url: `https://${site}${at}/sign-in`, autofillBehavior: 'AnywhereOnWebsite' },
        ] as const;
        expect(fitsWebsites(websites, `https://${site}:1234/`)).toBe(true);
        expect(fitsWebsites(websites, `https://${site.toUpperCase()}./x`)).toBe(true);
        expect(fitsWebsites(websites, `http://${site}/`)).toBe(false);
        const below = `${sub}.${site}`;
        const isOwn =
          site === 'localhost' || (registered(site) !== null && registered(below) === registered(site));
        expect(fitsWebsites(websites, `https://${below}`), below).toBe(isOwn);
      }),
      { numRuns: propertyRuns(1500), seed: 2 },
    );
  });

  test('a look-alike never fits', () => {
    const looks: readonly ((site: string) => string)[] = [
      (site) => `${site}.evil.net`,
      (site) => `evil${site}`,
      (site) => `evil-${site}`,
      (site) => site.replace(/^./, (first) => (first === 'q' ? 'p' : 'q')),
      (site) => `${site}x`,
      (site) => `evil.net/${site}`,
      (site) => `evil.net?${site}`,
      (site) => `evil.net#${site}`,
      (site) => `${site}@evil.net`,
      (site) => `${site}:x@evil.net`,
      (site) => `evil.net\\@${site}`,
      (site) => site.replace('.', '-'),
      (site) => site.replace(/[aeo]/, (vowel) => ({ a: 'а', e: 'е', o: 'о' })[vowel] ?? vowel),
    ];
    fc.assert(
      fc.property(host, fc.constantFrom(...looks), (site, look) => {
        const page = look(site);
        // Under `www.example.com`, all of `example.com` is the website.
        fc.pre(page !== site && !site.startsWith('www.'));
        const websites = [{ url: `https://${site}`, autofillBehavior: 'AnywhereOnWebsite' }] as const;
        expect(fitsWebsites(websites, `https://${page}`), page).toBe(false);
      }),
      { numRuns: propertyRuns(5000), seed: 3 },
    );
  });
});
