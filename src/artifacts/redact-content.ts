import { isUtf8 } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parseJson, redactJson } from '../redaction/redact-json.js';
import type { Redactor } from '../redaction/redactor.js';
import { archiveKind, closedFormat } from './archive-kind.js';
import { findBase64Archives } from './base64-archives.js';
import { isPdf } from './pdf-document.js';
import { redactHeaders } from './redact-headers.js';
import { redactPdf } from './redact-pdf.js';
import { redactTraceLines } from './redact-trace.js';
import { rewriteZip } from './rewrite-zip.js';
import { UnreadableArchiveError } from './zip-directory.js';

export interface ContentOptions {
  /** Of the file or member, for what its ending tells. */
  readonly name: string;
  readonly redactor: Redactor;
}

/**
 * The content of a file without known secrets: traces and other archives, gzip, HAR files, texts with archives in
 * base64 (the HTML report), and any other bytes. The same buffer when there is nothing to replace.
 */
export function redactContent(content: Buffer, options: ContentOptions): Buffer {
  return redactAtDepth(content, { ...options, depth: 0 });
}

interface DeepOptions extends ContentOptions {
  readonly depth: number;
}

function redactAtDepth(content: Buffer, options: DeepOptions): Buffer {
  const { name, redactor, depth } = options;
  if (closedFormat(content) !== undefined) return content;
  const kind = depth > deepest ? undefined : archiveKind(content);
  if (kind === 'zip') return redactZip(content, options);
  if (kind === 'gzip') return redactGzip(content, options);
  if (isPdf(content)) return redactPdf(content, redactor);
  if (/\.(?:trace|network)$/.test(name)) return redactTraceLines(content, redactor);
  if (!isUtf8(content)) return redactor.redactBytes(content);
  if (name.endsWith('.har') || looksLikeHar(content)) return redactHar(content, options);
  return redactor.redactBytes(redactEmbedded(content, options));
}

function redactZip(content: Buffer, options: DeepOptions): Buffer {
  const { redactor, depth } = options;
  try {
    return rewriteZip(content, {
      name: (name) => redactor.redact(name),
      skips: isScreencastFrame,
      content: (inner, name) => redactAtDepth(inner, { name, redactor, depth: depth + 1 }),
    });
  } catch (error) {
    if (error instanceof UnreadableArchiveError) return redactor.redactBytes(content);
    throw error;
  }
}

/** In a trace: a picture that Playwright itself has made, of which there are dozens. The leak check reads them. */
function isScreencastFrame(name: string): boolean {
  return /^screencast\/[^/]+\.jpe?g$/.test(name);
}

function redactGzip(content: Buffer, { name, redactor, depth }: DeepOptions): Buffer {
  const inner = tryGunzip(content);
  if (!inner) return redactor.redactBytes(content);
  const redacted = redactAtDepth(inner, { name: name.replace(/\.t?gz$/, ''), redactor, depth: depth + 1 });
  return redacted === inner ? content : gzipSync(redacted);
}

function tryGunzip(content: Buffer): Buffer | undefined {
  try {
    return gunzipSync(content, { maxOutputLength: largestBytes });
  } catch {
    return undefined;
  }
}

/** HAR 1.2: entries with headers, cookies, posted data and content, which may be in base64. */
function redactHar(content: Buffer, { redactor, depth }: DeepOptions): Buffer {
  const text = content.toString();
  const parsed = parseJson(text);
  if (parsed === undefined) return redactor.redactBytes(content);
  const decoded = redactBodies(parsed, (body) =>
    redactAtDepth(body, { name: 'content', redactor, depth: depth + 1 }),
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

function redactEmbedded(content: Buffer, { redactor, depth }: DeepOptions): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { start, end } of findBase64Archives(content)) {
    const archive = Buffer.from(content.toString('latin1', start, end), 'base64');
    const redacted = redactAtDepth(archive, { name: 'archive', redactor, depth: depth + 1 });
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
const largestBytes = 512 * 1024 * 1024;
