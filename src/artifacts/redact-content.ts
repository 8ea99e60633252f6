import { isUtf8 } from 'node:buffer';
import { parseJson, redactJson } from '../redaction/redact-json.js';
import type { Redactor } from '../redaction/redactor.js';
import { isZlibError } from './archive-error.js';
import { archiveKind, closedFormat, nameWithin } from './archive-kind.js';
import { findBase64Archives } from './base64-archives.js';
import { codecOf, type StreamKind, type Unpacked } from './codecs.js';
import { isPdf } from './pdf-document.js';
import { redactHeaders } from './redact-headers.js';
import { redactPdf } from './redact-pdf.js';
import { redactTraceLines } from './redact-trace.js';
import { rewriteZip } from './rewrite-zip.js';
import { ScanStoppedError, type ScanMeter } from './scan-limits.js';
import { UnreadableArchiveError } from './zip-directory.js';

export interface ContentOptions {
  /** Name of the file or member; its extension counts. */
  readonly name: string;
  readonly redactor: Redactor;
  readonly meter: ScanMeter;
  /** Called for an archive that cannot be opened, and so stays unchanged although it shows a known value. */
  readonly onLeft?: () => void;
}

/**
 * Redacts the content of a file: traces and other archives, compressed streams, HAR files, texts with archives in
 * base64 (the HTML report), and any other bytes. Returns the same buffer if there is nothing to replace. Never writes
 * into an archive that cannot be opened. Throws a `ScanStoppedError` at a limit.
 */
export function redactContent(content: Buffer, options: ContentOptions): Buffer {
  return redactAtDepth(content, { ...options, depth: 0 });
}

interface DeepOptions extends ContentOptions {
  readonly depth: number;
}

function redactAtDepth(content: Buffer, options: DeepOptions): Buffer {
  const { name, redactor, depth, meter } = options;
  meter.bytes(content.length);
  if (closedFormat(content) !== undefined) return leave(content, options);
  const kind = archiveKind(content, { name, isWhole: true });
  if (kind !== undefined && depth > deepest) throw new ScanStoppedError('it is an archive nested too deeply');
  if (kind === 'zip') return redactZip(content, options);
  if (kind !== undefined) return redactPacked(content, kind, options);
  if (isPdf(content)) return redactPdf(content, redactor, meter);
  if (/\.(?:trace|network)$/.test(name)) return redactTraceLines(content, redactor);
  if (!isUtf8(content)) return redactor.redactBytes(content);
  if (name.endsWith('.har') || looksLikeHar(content)) return redactHar(content, options);
  return redactor.redactBytes(redactEmbedded(content, options));
}

/** Changing a byte would break the archive. The leak check reports it. */
function leave(content: Buffer, { redactor, onLeft }: DeepOptions): Buffer {
  if (redactor.search(content).length > 0) onLeft?.();
  return content;
}

function redactZip(content: Buffer, options: DeepOptions): Buffer {
  const { redactor, depth, meter } = options;
  try {
    return rewriteZip(content, {
      name: (name) => redactor.redact(name),
      opens({ name, size }) {
        meter.entry();
        if (isScreencastFrame(name)) return false;
        meter.foresee(size);
        return true;
      },
      content: (inner, name) => redactAtDepth(inner, { ...options, name, depth: depth + 1 }),
    });
  } catch (error) {
    if (error instanceof UnreadableArchiveError) return leave(content, options);
    throw error;
  }
}

/** A screenshot that Playwright adds to a trace by the dozen. The leak check reads these. */
function isScreencastFrame(name: string): boolean {
  return /^screencast\/[^/]+\.jpe?g$/.test(name);
}

function redactPacked(packed: Buffer, kind: StreamKind, options: DeepOptions): Buffer {
  const { name, redactor, depth } = options;
  const codec = codecOf(kind);
  const unpacked = codec && tryUnpack(() => codec.unpack(packed, options.meter.leftBytes), options);
  if (!codec || !unpacked) return leave(packed, options);
  const { content, rest } = unpacked;
  const redacted = redactAtDepth(content, { ...options, name: nameWithin(name), depth: depth + 1 });
  const redactedRest = redactor.redactBytes(rest);
  if (redacted === content && redactedRest === rest) return packed;
  return Buffer.concat([codec.pack(redacted), redactedRest]);
}

function tryUnpack(unpack: () => Unpacked, { meter }: DeepOptions): Unpacked | undefined {
  try {
    return unpack();
  } catch (error) {
    if (!isZlibError(error)) throw error;
    if (error.code === 'ERR_BUFFER_TOO_LARGE') meter.foresee(meter.leftBytes + 1);
    return undefined;
  }
}

/** HAR 1.2: entries with headers, cookies, posted data and content, possibly in base64. */
function redactHar(content: Buffer, options: DeepOptions): Buffer {
  const { redactor, depth } = options;
  const text = content.toString();
  const parsed = parseJson(text);
  if (parsed === undefined) return redactor.redactBytes(content);
  const decoded = redactBodies(parsed, (body) =>
    redactAtDepth(body, { ...options, name: 'content', depth: depth + 1 }),
  );
  const redacted = redactJson(decoded, {
    text: (one) => redactor.redact(one),
    below: (key) => (key === 'params' ? { text: (one) => redactor.redactField(one) } : undefined),
  });
  const written = JSON.stringify(redactHeaders(redacted), undefined, 2);
  return JSON.stringify(parsed, undefined, 2) === written ? content : Buffer.from(written);
}

function redactBodies(value: unknown, redactBody: (body: Buffer) => Buffer): unknown {
  if (Array.isArray(value)) return value.map((item) => redactBodies(item, redactBody));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => [
    key,
    redactBodies(inner, redactBody),
  ]);
  const copy = Object.fromEntries(entries) as { encoding?: unknown; text?: unknown };
  if (copy.encoding !== 'base64' || typeof copy.text !== 'string') return copy;
  const body = Buffer.from(copy.text, 'base64');
  const redacted = redactBody(body);
  return redacted === body ? copy : { ...copy, text: redacted.toString('base64') };
}

function redactEmbedded(content: Buffer, options: DeepOptions): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { start, end } of findBase64Archives(content)) {
    options.meter.entry();
    const archive = Buffer.from(content.toString('latin1', start, end), 'base64');
    const redacted = redactAtDepth(archive, { ...options, name: 'archive', depth: options.depth + 1 });
    if (redacted === archive) continue;
    parts.push(content.subarray(done, start), Buffer.from(redacted.toString('base64')));
    done = end;
  }
  return done === 0 ? content : Buffer.concat([...parts, content.subarray(done)]);
}

function looksLikeHar(content: Buffer): boolean {
  return /^\s*\{\s*"log":\s*\{\s*"version":/.test(content.toString('latin1', 0, 100));
}

const deepest = 5;
