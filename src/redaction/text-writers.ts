/** One encoding of a text, by its name in leak reports. */
export interface Writer {
  readonly name: string;
  readonly write: (text: string) => string;
}

export function writeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** JSON with more escapes than necessary, as frameworks write it for ASCII or HTML. */
function jsonWriters(): Writer[] {
  return [
    /[^ -~]/g,
    /[<>&\u2028\u2029]/g,
    /[<>&'\u2028\u2029]/g,
    /[<>&'\u2028\u2029]|[^ -~]/g,
    /[<>&]|[^ -~]/g,
  ].flatMap((escaped) =>
    [false, true].flatMap((upper) => {
      const json = (text: string) => writeJson(text).replaceAll(escaped, (sign) => unicode(sign, upper));
      const quotes = (text: string) => json(text).replaceAll('\\"', unicode('"', upper));
      return [json, quotes, (text: string) => json(text).replaceAll('/', '\\/')].map((write) => ({
        name: escaped.source.includes('<') ? 'HTML-safe JSON' : 'ASCII JSON',
        write,
      }));
    }),
  );
}

/** `replaceAll` passes surrogate pairs one half at a time. */
function unicode(sign: string, upper: boolean): string {
  const digits = sign.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${upper ? digits.toUpperCase() : digits}`;
}

function htmlWriter(escapes: Readonly<Record<string, string>>): Writer {
  const escaped = new RegExp(`[${Object.keys(escapes).join('')}]`, 'g');
  const write = (text: string) => text.replaceAll(escaped, (sign) => escapes[sign] ?? sign);
  return { name: 'HTML', write };
}

/** Numeric entities, with or without characters outside ASCII. */
function numericWriters(): Writer[] {
  const forms = [
    (code: number) => `&#${code};`,
    (code: number) => `&#x${code.toString(16)};`,
    (code: number) => `&#x${code.toString(16).toUpperCase()};`,
  ];
  return forms.flatMap((form) =>
    [/[&<>"']/gu, /[&<>"']|[^ -~]/gu, /[^ -~]/gu].map((escaped) => ({
      name: 'HTML',
      write: (text: string) => {
        const named = escaped.source.startsWith('[^') ? everySign.write(text) : text;
        return named.replaceAll(escaped, (sign) => form(sign.codePointAt(0) ?? 0));
      },
    })),
  );
}

function lowerEscapes(uri: string): string {
  return uri.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

function inBothCases(name: string, write: (text: string) => string): Writer[] {
  const upper = rememberingLast(write);
  return [
    { name, write: upper },
    { name, write: (text) => lowerEscapes(upper(text)) },
  ];
}

/** Both cases of a text are requested one after the other. */
function rememberingLast(write: (text: string) => string): (text: string) => string {
  let last = { text: '', written: '' };
  return (text) => {
    if (last.text !== text) last = { text, written: write(text) };
    return last.written;
  };
}

function strictUri(text: string): string {
  const hex = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, hex);
}

/** As browsers send forms of pages without a character set: Windows-1252, with entities for missing characters. */
function legacyForm(text: string): string {
  if (/^[ -~]*$/.test(text)) return formUri(text);
  const byte = (sign: string) => {
    const code = sign.codePointAt(0) ?? 0;
    const place = code < 0x100 ? code : windows1252.indexOf(sign) + 0x80;
    return place < 0x80 && code >= 0x80
      ? formUri(`&#${code};`)
      : `%${place.toString(16).toUpperCase().padStart(2, '0')}`;
  };
  return text.replaceAll(/[ -~]+|[^ -~]/gu, (part) => (/^[ -~]/.test(part) ? formUri(part) : byte(part)));
}

function formUri(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

const textEscapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const nbsp = { '\u00a0': '&nbsp;' };
const quoted = { ...textEscapes, '"': '&quot;' };
const everySign = htmlWriter({ ...quoted, "'": '&#39;' });
const json: Writer = { name: 'JSON', write: writeJson };
const uriWriters = [
  ...inBothCases('URI', encodeURIComponent),
  ...inBothCases('URI', strictUri),
  ...inBothCases('form', formUri),
  ...inBothCases('form', (value) => encodeURIComponent(value).replaceAll('%20', '+')),
  ...inBothCases('URI', encodeURI),
  ...inBothCases('form', legacyForm),
];
const htmlWriters = [
  everySign,
  htmlWriter(textEscapes),
  htmlWriter({ ...textEscapes, ...nbsp }),
  htmlWriter(quoted),
  htmlWriter({ ...quoted, ...nbsp }),
  htmlWriter({ '&': '&amp;', '"': '&quot;' }),
  htmlWriter({ '&': '&amp;', '"': '&quot;', ...nbsp }),
  ...['&#x27;', '&apos;', '&#039;'].map((one) => htmlWriter({ ...quoted, "'": one })),
  htmlWriter({ ...textEscapes, '"': '&#34;', "'": '&#39;' }),
  htmlWriter({ ...quoted, "'": '&#x27;', '`': '&#x60;' }),
  htmlWriter({ ...quoted, "'": '&#39;', '/': '&#x2F;', '`': '&#x60;', '=': '&#x3D;' }),
  ...numericWriters(),
];
/** The characters from 0x80 to 0x9f. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const quoteWriters: Writer[] = [
  { name: 'quotes', write: (value) => writeJson(value).replaceAll('\\"', '"').replaceAll("'", "\\'") },
  { name: 'quotes', write: (value) => writeJson(value).replaceAll('\\"', '"').replaceAll('`', '\\`') },
  { name: 'YAML', write: (value) => value.replaceAll("'", "''") },
  { name: 'shell quotes', write: (value) => value.replaceAll("'", "'\\''") },
];
/** How programs write a value into a text. */
export const textWriters = [
  json,
  { name: 'JSON', write: (value: string) => writeJson(value).replaceAll('/', '\\/') },
  ...jsonWriters(),
  ...uriWriters,
  ...htmlWriters,
  ...quoteWriters,
];
/** Forms inside another encoding. */
export const innerWriters = [
  json,
  ...uriWriters,
  everySign,
  htmlWriter(textEscapes),
  htmlWriter(quoted),
  ...quoteWriters,
];
/** The outer encodings of such forms. */
export const outerWriters = [
  json,
  {
    name: 'ASCII JSON',
    write: (value: string) => writeJson(value).replaceAll(/[^ -~]/g, (sign) => unicode(sign, false)),
  },
  {
    name: 'HTML-safe JSON',
    write: (value: string) => writeJson(value).replaceAll(/[<>&]/g, (sign) => unicode(sign, false)),
  },
  ...inBothCases('URI', encodeURIComponent),
  ...inBothCases('form', formUri),
  everySign,
  htmlWriter(textEscapes),
];
/** How programs escape the characters of base64. */
export const base64Writers = [
  { name: 'JSON', write: (value: string) => value.replaceAll('/', '\\/') },
  ...inBothCases('URI', encodeURIComponent),
  htmlWriter({ '/': '&#x2F;', '=': '&#x3D;' }),
  htmlWriter({ '+': '&#43;' }),
];
