/** What the first four bytes say: an archive that is opened, or `undefined` for any other content. */
export function archiveKind(content: Buffer): 'zip' | 'gzip' | undefined {
  if (content.length < 4) return undefined;
  const magic = content.readUInt32BE(0);
  if (magic === 0x504b0304 || magic === 0x504b0506) return 'zip';
  return magic >>> 8 === 0x1f8b08 ? 'gzip' : undefined;
}

/** What the first four bytes say: a compressed format that is not opened. Nothing is written into it byte by byte. */
export function closedFormat(content: Buffer): string | undefined {
  if (content.length < 4) return undefined;
  const magic = content.readUInt32BE(0);
  if (magic >>> 8 === 0x425a68 && magic % 256 >= 0x31 && magic % 256 <= 0x39) return 'bzip2';
  return closedFormats.get(magic);
}

const closedFormats = new Map([
  [0xfd377a58, 'xz'],
  [0x377abcaf, '7z'],
  [0x28b52ffd, 'zstd'],
  [0x52617221, 'rar'],
]);
