/** One way in which others write a value: a line of docs/redaction.md. */
export interface ValueForm {
  readonly name: string;
  readonly write: (value: string) => string;
}

const json = (text: string) => JSON.stringify(text).slice(1, -1);
const uri = encodeURIComponent;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const bytewise = (text: string, isPlain: RegExp, write: (hex: string) => string) =>
  Array.from(Buffer.from(text), (byte) => {
    const sign = String.fromCharCode(byte);
    return byte < 0x80 && isPlain.test(sign) ? sign : write(byte.toString(16).toUpperCase().padStart(2, '0'));
  }).join('');
const wrapped = (text: string, columns: number, end: string) =>
  text.match(new RegExp(`.{1,${columns}}`, 'gs'))?.join(end) ?? '';
const html = (text: string) =>
  text.replaceAll(
    /[&<>"']/g,
    (sign) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }[sign]};`,
  );
/** Its letters, and the escapes of JSON and HTML in it as one each. */
const unitsOf = (text: string, escape: RegExp) => text.match(new RegExp(`${escape.source}|.`, 'gs')) ?? [];
const inJson = /\\+./;
const between = (text: string, signs: string, escape = /./) => unitsOf(text, escape).join(signs);
const htmlBetween = (text: string, signs: string) => between(html(text), signs, /&#?\w+;/);
/** Each letter in a colour of 24 bits. */
const coloured = (text: string, escape: string) =>
  unitsOf(text, escape === '\u001B' ? /./ : inJson)
    .map((unit, at) => `${escape}[38;2;${100 + at};255;0m${unit}${escape}[0m`)
    .join('');
const lodash = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const mdn = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
const inUrl = (change: (url: URL) => void, read: (url: URL) => string) => {
  const url = new URL('https://site.test/');
  change(url);
  return read(url);
};

/** https://tc39.es/ecma262/#sec-regexp.escape, for one sign. */
function regExpEscape(text: string): string {
  const hex = (sign: string) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return Array.from(text, (sign, index) => {
    if (index === 0 && /[0-9A-Za-z]/.test(sign)) return hex(sign);
    if (/[\^$\\.*+?()[\]{}|/]/.test(sign)) return `\\${sign}`;
    if (/[,\-=<>#&!%:;@~'"`]/.test(sign)) return hex(sign);
    return sign === ' ' ? '\\x20' : sign;
  }).join('');
}

/** RFC 2045, section 6.7: no line is longer than 76 columns, the soft break included. */
function quotedPrintable(text: string): string {
  const lines = [''];
  for (const unit of bytewise(text, /[!-<>-~ ]/, (hex) => `=${hex}`).match(/=[0-9A-F]{2}|./g) ?? []) {
    const line = lines.at(-1) ?? '';
    if (line.length + unit.length > 75) lines.push(unit);
    else lines[lines.length - 1] = line + unit;
  }
  return lines.join('=\r\n');
}

/** Written from the encodings' definitions, not from the code that is tested. Each name is a row of docs/redaction.md. */
export const valueForms: readonly ValueForm[] = [
  { name: 'as it is', write: (value) => value },
  { name: 'JSON', write: json },
  { name: 'JSON, twice', write: (value) => json(json(value)) },
  { name: 'JSON, three times', write: (value) => json(json(json(value))) },
  { name: 'JSON, four times', write: (value) => json(json(json(json(value)))) },
  { name: 'JSON with only `<` escaped', write: (value) => json(value).replaceAll('<', '\\u003c') },
  { name: 'JSON of PHP', write: (value) => json(value).replaceAll('/', '\\/') },
  { name: 'URI component', write: uri },
  { name: 'URI component, twice', write: (value) => uri(uri(value)) },
  { name: 'URI component, three times', write: (value) => uri(uri(uri(value))) },
  { name: 'whole URI', write: encodeURI },
  { name: 'form', write: (value) => new URLSearchParams({ '': value }).toString().slice(1) },
  {
    name: "PHP's `urlencode`",
    write: (value) => bytewise(value, /[\w.-]/, (hex) => `%${hex}`).replaceAll('%20', '+'),
  },
  { name: "Python's `quote`", write: (value) => bytewise(value, /[\w.~/-]/, (hex) => `%${hex}`) },
  {
    name: '`escape()`',
    write: (value) => (globalThis as unknown as { escape: (text: string) => string }).escape(value),
  },
  {
    name: 'user information of a URL',
    write: (value) =>
      inUrl(
        (url) => (url.password = value),
        (url) => url.password,
      ),
  },
  {
    name: 'query of a URL',
    write: (value) =>
      inUrl(
        (url) => (url.search = `q=${value.replaceAll('#', '%23')}`),
        (url) => url.search.slice(3),
      ),
  },
  {
    name: 'fragment of a URL',
    write: (value) =>
      inUrl(
        (url) => (url.hash = `#${value}`),
        (url) => url.hash.slice(1),
      ),
  },
  {
    name: 'path of a URL',
    write: (value) =>
      inUrl(
        (url) => (url.pathname = `/-${value}-`),
        (url) => url.pathname.slice(2, -1),
      ),
  },
  { name: 'regular expression, `RegExp.escape`', write: regExpEscape },
  { name: 'regular expression, lodash', write: lodash },
  { name: 'regular expression, MDN', write: mdn },
  { name: 'regular expression, in JSON', write: (value) => json(lodash(value)) },
  { name: 'CSV', write: (value) => value.replaceAll('"', '""') },
  { name: 'shell, single quotes', write: (value) => value.replaceAll("'", "'\\''") },
  { name: 'shell, double quotes', write: (value) => value.replaceAll(/[$`"\\]/g, '\\$&') },
  { name: 'shell, no quotes', write: (value) => value.replaceAll(/[^\w.@:/-]/g, '\\$&') },
  { name: 'HTML', write: html },
  { name: 'HTML, twice', write: (value) => html(html(value)) },
  { name: 'JSON in a URI component', write: (value) => uri(json(value)) },
  { name: 'JSON in HTML', write: (value) => html(json(value)) },
  { name: 'quoted-printable', write: (value) => quotedPrintable(value) },
  {
    name: 'quoted-printable, wrapped',
    write: (value) => quotedPrintable(`${'-'.repeat(66)} ${value} `).replace(/^-+(?:=\r\n)? (?:=\r\n)?/, ''),
  },
  { name: 'base64', write: base64 },
  { name: 'base64, twice', write: (value) => base64(base64(value)) },
  {
    name: 'base64, wrapped at 76 columns',
    write: (value) => wrapped(base64(`${'-'.repeat(48)}${value}--`), 76, '\r\n'),
  },
  {
    name: 'base64, wrapped at 64 columns',
    write: (value) => wrapped(base64(`${'-'.repeat(40)}${value}--`), 64, '\n'),
  },
  { name: 'base64url', write: (value) => Buffer.from(value).toString('base64url') },
  { name: 'hexadecimal', write: (value) => Buffer.from(value).toString('hex') },
  { name: 'with zero-width signs between', write: (value) => between(value, '\u200B') },
  { name: 'with soft hyphens between', write: (value) => between(value, '\u00AD') },
  {
    name: 'with four zero-width signs between',
    write: (value) => between(value, '\u200B\u200C\u200D\uFEFF'),
  },
  {
    name: 'with zero-width signs between, in JSON',
    write: (value) => between(json(value), '\\u200b', inJson),
  },
  {
    name: 'with pairs of zero-width signs between, in JSON, twice',
    write: (value) => between(json(json(value)), '\\\\u200B\\\\u200d', inJson),
  },
  {
    name: 'with zero-width signs between, in HTML',
    write: (value) => htmlBetween(value, '&ZeroWidthSpace;'),
  },
  {
    name: 'with zero-width signs between, in HTML by number',
    write: (value) => htmlBetween(value, '&#08203;&#x0200B;'),
  },
  { name: 'in colours', write: (value) => coloured(value, '\u001B') },
  { name: 'in colours, in JSON', write: (value) => coloured(json(value), '\\u001b') },
];

/** Forms of e-mail addresses and of the names of accounts alone. */
export const nameForms: readonly ValueForm[] = [
  { name: 'in lower case', write: (value) => value.toLowerCase() },
  { name: 'in upper case', write: (value) => value.toUpperCase() },
];
