import type { ByteSource } from './byte-source.js';
import { sourceOfBuffer } from './byte-source.js';
import { parsePdf } from './pdf-document.js';
import { readFonts } from './pdf-fonts.js';
import { longestText, readPdfStrings, readPdfText, type PdfGlyph } from './pdf-text.js';
import type { Place } from './scan-place.js';

type Scan = (source: ByteSource, place: Place) => Promise<void>;

/** Searches the streams of a PDF file, and the text of its pages, which is in a font's codes. */
export async function scanPdf(source: ByteSource, place: Place, scan: Scan): Promise<void> {
  const { findings, limits, redactor } = place;
  const depth = limits.depth - 1;
  const inner = { ...place, members: [...place.members, '(pdf)'], limits: { ...limits, depth } };
  const unsearched = (reason: string) => findings.unsearched(inner.members, reason);
  const isOpened = depth >= 0 && source.size <= limits.memoryBytes;
  if (!isOpened) {
    if (depth < 0) findings.stopped('it is nested in too many archives', inner.members);
    else unsearched('it is too large to open');
    return;
  }
  const document = parsePdf(Buffer.from(await source.read(0, source.size)), limits.memoryBytes);
  if (document.isEncrypted) {
    unsearched('it is encrypted');
    return;
  }
  const fonts = readFonts(document, place.meter);
  const isReadable = ({ length }: Buffer) => {
    if (length > longestText) unsearched('its text is too long to read');
    place.meter.bytes(length);
    return length <= longestText;
  };
  const search = (readings: readonly PdfGlyph[][], where: string) => {
    const hits = readings.map((glyphs) =>
      redactor.search(Buffer.from(glyphs.map(({ text }) => text).join(''))),
    );
    // The same text is read in several ways.
    const [most = []] = hits.sort((one, other) => other.length - one.length);
    findings.leaks(inner.members, most, where);
  };
  for (const part of document.between) if (isReadable(part)) search(readPdfStrings(part), '');
  for (const { content, obstacle, hasObjects } of document.streams) {
    place.meter.entry();
    if (obstacle !== undefined) unsearched(obstacle);
    if (content === undefined) continue;
    await scan(sourceOfBuffer(content), inner);
    if (!isReadable(content)) continue;
    if (hasObjects) search(readPdfStrings(content), '');
    search(readPdfText(content, fonts), ' on a page');
  }
}
