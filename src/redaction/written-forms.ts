import { base64Cores, fileForms, hexForms, within } from './byte-forms.js';
import {
  base64Writers,
  innerWriters,
  outerWriters,
  textWriters,
  writeJson,
  type Writer,
} from './text-writers.js';
import type { WrittenForm } from './written-form.js';

/**
 * All forms in which the output of a run may contain a value of at least six characters: plain, in JSON (up to three
 * levels; ASCII; HTML-safe), URIs and forms, HTML and XML, quotes of JavaScript and YAML, base64 at any offset,
 * hexadecimal, UTF-16, and common combinations. All differ in their bytes.
 */
export function writtenForms(value: string): readonly WrittenForm[] {
  const forms = new Map<string, WrittenForm>();
  // Keyed by the bytes as Latin-1: most forms are duplicates, and need no buffer.
  const keep = (bytes: string, create: () => WrittenForm) => {
    if (bytes.length >= shortestForm && !forms.has(bytes)) forms.set(bytes, create());
  };
  const keepText = (written: Written) => keep(asLatin1(written.text), () => textForm(written));
  for (const spelling of spellingsOf(value)) {
    const isPlain = isPlainEverywhere(spelling);
    const inner = isPlain ? [plainOf(spelling)] : unique(innerForms(spelling));
    const base64 = new Map(inner.map((one) => [one, [...base64Forms(one)]]));
    for (const text of isPlain ? inner : textForms(spelling, base64)) keepText(text);
    for (const [one, forms] of base64)
      for (const form of [...forms, ...binaryForms(one)]) keep(form.bytes.toString('latin1'), () => form);
    const bytes = Buffer.from(spelling, 'latin1');
    keep(bytes.toString('latin1'), () => ({ ...plainBytes, bytes, encoding: 'Latin-1' }));
  }
  // A lone surrogate is an escape in JSON, and a replacement character in UTF-8.
  keepText({ text: writeJson(value), encoding: 'JSON' });
  for (const form of fileForms(value)) keep(form.bytes.toString('latin1'), () => form);
  return [...forms.values()];
}

/**
 * The written forms of a one-time code. Digits and letters are unchanged in JSON, URIs and HTML. In other forms, the
 * neighbours are decoded to see whether the code is a whole token.
 */
export function writtenFormsOfCode(code: string): readonly WrittenForm[] {
  const plain = plainOf(code);
  return [textForm(plain), ...base64Forms(plain), ...binaryForms(plain)];
}

/**
 * Forms of a part of a value, or of another spelling, plain and in base64. Escapes and line wraps are handled by
 * canonical reading.
 */
export function partForms(part: string): WrittenForm[] {
  const cores = [...base64Cores(plainOf(part))].filter(({ bytes }) => bytes.length >= shortestForm);
  return [textForm({ text: part, encoding: 'escaped' }), ...cores];
}

interface Written {
  readonly text: string;
  readonly encoding: string;
}

/**
 * Other spellings of a value: lone surrogates replaced, Unicode composed or decomposed, line ends and spaces
 * normalized.
 */
function spellingsOf(value: string): Set<string> {
  const wellFormed = Buffer.from(value).toString();
  const spellings = [
    wellFormed,
    ...['NFC', 'NFD', 'NFKC'].map((form) => wellFormed.normalize(form)),
    wellFormed.trim(),
    wellFormed.replaceAll('\r\n', '\n'),
    wellFormed.replaceAll(/\r?\n/g, '\r\n'),
    wellFormed.trim().replaceAll(/\s+/g, ' '), // as accessibility snapshots do
    Buffer.from(wellFormed).toString('latin1'), // UTF-8 read as Latin-1, and the reverse
    wellFormed.replaceAll(/[^ -~\s]/gu, '\uFFFD'),
  ];
  const isTelling = (text: string) => text.replaceAll('\uFFFD', '').length >= shortestForm;
  return new Set(spellings.filter((one) => isTelling(one) || one === wellFormed));
}

/** `inner`: forms of the value inside other encodings, each with its forms in base64. */
function* textForms(value: string, inner: ReadonlyMap<Written, readonly Written[]>): Iterable<Written> {
  yield { text: value, encoding: 'plain' };
  yield* writeAll(plainOf(value), textWriters);
  for (const one of inner.keys()) yield* writeAll(one, outerWriters);
  for (const [one, inBase64] of inner) {
    const json = one.encoding === 'JSON twice' ? [one] : [];
    yield* json.flatMap((twice) => [...writeAll(twice, [{ name: 'JSON', write: writeJson }])]);
    // base64 contains `+`, `/` and `=`, which some programs escape.
    for (const { text, encoding } of inBase64) {
      // Without these characters, all writers agree.
      const writers = isPlainEverywhere(text) ? base64Writers.slice(0, 1) : base64Writers;
      yield* writeAll({ text, encoding }, writers);
    }
  }
}

/** Forms inside other encodings. */
function* innerForms(value: string): Iterable<Written> {
  yield plainOf(value);
  yield* writeAll(plainOf(value), innerWriters);
  yield { text: writeJson(writeJson(value)), encoding: 'JSON twice' };
}

/** Besides `base64Forms`. */
function* binaryForms({ text, encoding }: Written): Iterable<WrittenForm> {
  yield* base64Forms({ text: utf16(text, 'be'), encoding: within('UTF-16BE', encoding), as: 'latin1' });
  yield* base64Forms({ text: utf16(text, 'le'), encoding: within('UTF-16LE', encoding), as: 'latin1' });
  yield* hexForms(Buffer.from(text), encoding);
  for (const [order, carrier] of utf16Orders) {
    const bytes = Buffer.from(utf16(text, order), 'latin1');
    yield { bytes, encoding: within(encoding, carrier.toUpperCase()), carrier, bytesOnly: true };
  }
}

/** In base64, and in base64 twice. */
function* base64Forms(written: Written & { readonly as?: 'latin1' }): Iterable<WrittenForm & Written> {
  for (const once of base64Cores(written)) {
    yield once;
    if (written.encoding !== 'plain') continue;
    for (const twice of base64Cores({ text: once.text, encoding: once.encoding })) yield twice;
  }
}

function* writeAll({ text, encoding }: Written, writers: readonly Writer[]): Iterable<Written> {
  for (const { name, write } of writers) yield { text: write(text), encoding: within(encoding, name) };
}

/** Keeps the first form of each text. */
function unique(forms: Iterable<Written>): Written[] {
  const byText = new Map<string, Written>();
  for (const form of forms) if (!byText.has(form.text)) byText.set(form.text, form);
  return [...byText.values()];
}

/** Whether no encoding of text changes it. */
function isPlainEverywhere(value: string): boolean {
  return /^[\w.-]+$/.test(value);
}

function textForm({ text, encoding }: Written): WrittenForm {
  return { bytes: Buffer.from(text), encoding, carrier: 'text', bytesOnly: false };
}

function plainOf(text: string): Written {
  return { text, encoding: 'plain' };
}

/** Each byte as one character. */
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
