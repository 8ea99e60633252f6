import {
  base64Writers,
  innerWriters,
  outerWriters,
  textWriters,
  writeJson,
  type Writer,
} from './text-writers.js';

/** One way a value is written. */
export interface WrittenForm {
  readonly bytes: Buffer;
  /** As a leak report names it: `plain`, `JSON in base64`. */
  readonly encoding: string;
  /**
   * For base64: the place of the value's first byte within a group of three. At either end of the bytes a sign may
   * stand that holds bits of the value and of its neighbour.
   */
  readonly base64Offset?: 0 | 1 | 2;
  /** How a neighbour of it is read. */
  readonly carrier: 'text' | 'base64' | 'hex' | 'utf-16le' | 'utf-16be';
  /** Whether it can stand in a file of bytes only: in a text it would end within a character. */
  readonly bytesOnly: boolean;
}

/**
 * Every way in which a value of six or more characters is written by what a run leaves behind: as it is, by JSON (once,
 * twice, three times; in ASCII; safe for HTML), by URIs and forms, HTML and XML, in quotes of JavaScript and YAML, in
 * base64 at any offset, in hexadecimal, in UTF-16, and as these are met within each other. No two are the same bytes.
 */
export function writtenForms(value: string): readonly WrittenForm[] {
  const forms = new Map<string, WrittenForm>();
  // By its bytes as Latin-1: most are met before, and not worth a buffer.
  const keep = (bytes: string, create: () => WrittenForm) => {
    if (bytes.length >= shortestForm && !forms.has(bytes)) forms.set(bytes, create());
  };
  const keepText = (written: Written) => keep(asLatin1(written.text), () => textForm(written));
  for (const spelling of spellingsOf(value)) {
    const isPlain = isPlainEverywhere(spelling);
    const inner = isPlain ? [plainOf(spelling)] : unique(innerForms(spelling));
    for (const text of isPlain ? inner : textForms(spelling, inner)) keepText(text);
    for (const one of inner)
      for (const form of binaryForms(one)) keep(form.bytes.toString('latin1'), () => form);
    const bytes = Buffer.from(spelling, 'latin1');
    keep(bytes.toString('latin1'), () => ({ ...plainBytes, bytes, encoding: 'Latin-1' }));
  }
  // A lone surrogate is an escape in JSON, and a replacement character in bytes.
  keepText({ text: writeJson(value), encoding: 'JSON' });
  return [...forms.values()];
}

/**
 * The ways in which a one-time code is written. Digits and letters look the same in JSON, URIs and HTML; in the other
 * forms the neighbours are decoded to see whether the code is a whole token.
 */
export function writtenFormsOfCode(code: string): readonly WrittenForm[] {
  return [textForm({ text: code, encoding: 'plain' }), ...binaryForms({ text: code, encoding: 'plain' })];
}

/**
 * What is enough where escapes and line wraps are read through: a part of a value, or another spelling of it, as it is
 * and in base64.
 */
export function partForms(part: string): WrittenForm[] {
  const cores = [...base64Cores(plainOf(part))].filter(({ bytes }) => bytes.length >= shortestForm);
  return [textForm({ text: part, encoding: 'escaped' }), ...cores];
}

interface Written {
  readonly text: string;
  readonly encoding: string;
}

/** The same value as others may spell it: lone surrogates replaced, composed or not, line ends and spaces made one. */
function spellingsOf(value: string): Set<string> {
  const wellFormed = Buffer.from(value).toString();
  const spellings = [
    wellFormed,
    ...['NFC', 'NFD', 'NFKC'].map((form) => wellFormed.normalize(form)),
    wellFormed.trim(),
    wellFormed.replaceAll('\r\n', '\n'),
    wellFormed.replaceAll(/\r?\n/g, '\r\n'),
    wellFormed.trim().replaceAll(/\s+/g, ' '), // as accessibility snapshots do
    Buffer.from(wellFormed).toString('latin1'), // UTF-8 taken for Latin-1, and the other way round
    wellFormed.replaceAll(/[^ -~\s]/gu, '\uFFFD'),
  ];
  const isTelling = (text: string) => text.replaceAll('\uFFFD', '').length >= shortestForm;
  return new Set(spellings.filter((one) => isTelling(one) || one === wellFormed));
}

/** `inner`: the value as it is met within other encodings. */
function* textForms(value: string, inner: readonly Written[]): Iterable<Written> {
  yield { text: value, encoding: 'plain' };
  yield* writeAll(plainOf(value), textWriters);
  for (const one of inner) yield* writeAll(one, outerWriters);
  for (const one of inner) {
    const json = one.encoding === 'JSON twice' ? [one] : [];
    yield* json.flatMap((twice) => [...writeAll(twice, [{ name: 'JSON', write: writeJson }])]);
    // base64 has `+`, `/` and `=`, which others escape.
    for (const { text, encoding } of base64Forms(one)) {
      // Without such signs, all of them write the same.
      const writers = isPlainEverywhere(text) ? base64Writers.slice(0, 1) : base64Writers;
      yield* writeAll({ text, encoding }, writers);
    }
  }
}

/** What is met within other encodings. */
function* innerForms(value: string): Iterable<Written> {
  yield plainOf(value);
  yield* writeAll(plainOf(value), innerWriters);
  yield { text: writeJson(writeJson(value)), encoding: 'JSON twice' };
}

function* binaryForms(written: Written): Iterable<WrittenForm> {
  const { text, encoding } = written;
  yield* base64Forms(written);
  yield* base64Forms({ text: utf16(text, 'be'), encoding: within('UTF-16BE', encoding), as: 'latin1' });
  yield* base64Forms({ text: utf16(text, 'le'), encoding: within('UTF-16LE', encoding), as: 'latin1' });
  const hex = Buffer.from(text).toString('hex');
  for (const digits of [hex, hex.toUpperCase()])
    yield {
      bytes: Buffer.from(digits),
      encoding: within(encoding, 'hex'),
      carrier: 'hex',
      bytesOnly: false,
    };
  for (const [order, carrier] of utf16Orders) {
    const bytes = Buffer.from(utf16(text, order), 'latin1');
    yield { bytes, encoding: within(encoding, carrier.toUpperCase()), carrier, bytesOnly: true };
  }
}

/** In base64, and once more within itself. */
function* base64Forms(written: Written & { readonly as?: 'latin1' }): Iterable<WrittenForm & Written> {
  for (const once of base64Cores(written)) {
    yield once;
    if (written.encoding !== 'plain') continue;
    for (const twice of base64Cores({ text: once.text, encoding: once.encoding })) yield twice;
  }
}

/** At each of the three offsets, what is the same whatever stands before and after. */
function* base64Cores({ text, encoding, as }: Written & { readonly as?: 'latin1' }) {
  const padded = Buffer.from(`\0\0${text}`, as ?? 'utf8');
  for (const base64Offset of [0, 1, 2] as const) {
    const from = 2 - base64Offset;
    const core = padded
      .toString('base64', from)
      .slice(firstCoreSign[base64Offset], Math.floor(((padded.length - from) * 8) / 6));
    for (const [name, signs] of [
      ['base64', core],
      ['base64url', core.replaceAll('+', '-').replaceAll('/', '_')],
    ] as const)
      yield {
        text: signs,
        bytes: Buffer.from(signs),
        encoding: within(encoding, name),
        base64Offset,
        carrier: 'base64' as const,
        bytesOnly: false,
      };
  }
}

function* writeAll({ text, encoding }: Written, writers: readonly Writer[]): Iterable<Written> {
  for (const { name, write } of writers) yield { text: write(text), encoding: within(encoding, name) };
}

/** Of the same text, the first. */
function unique(forms: Iterable<Written>): Written[] {
  const byText = new Map<string, Written>();
  for (const form of forms) if (!byText.has(form.text)) byText.set(form.text, form);
  return [...byText.values()];
}

/** Signs that every encoding of texts leaves alone. */
function isPlainEverywhere(value: string): boolean {
  return /^[\w.-]+$/.test(value);
}

function textForm({ text, encoding }: Written): WrittenForm {
  return { bytes: Buffer.from(text), encoding, carrier: 'text', bytesOnly: false };
}

function plainOf(text: string): Written {
  return { text, encoding: 'plain' };
}

function within(inner: string, outer: string): string {
  if (inner === 'plain') return outer;
  return inner === outer ? `${inner} twice` : `${inner} in ${outer}`;
}

/** Its bytes, each as one sign. */
function asLatin1(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}

function utf16(text: string, order: 'le' | 'be'): string {
  const bytes = Buffer.from(text, 'utf16le');
  return (order === 'le' ? bytes : bytes.swap16()).toString('latin1');
}

const shortestForm = 6;
const plainBytes = { carrier: 'text', bytesOnly: true } as const;
const utf16Orders = [
  ['le', 'utf-16le'],
  ['be', 'utf-16be'],
] as const;
/** The first sign that only the value has bits in, by offset. */
const firstCoreSign = [0, 2, 3] as const;
