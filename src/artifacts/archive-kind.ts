/** What the first four bytes say: an archive that is opened, or `undefined` for any other content. */
export function archiveKind(content: Buffer): 'zip' | 'gzip' | undefined {
  if (content.length < 4) return undefined;
  const magic = content.readUInt32BE(0);
  if (magic === 0x504b0304 || magic === 0x504b0506) return 'zip';
  return magic >>> 8 === 0x1f8b08 ? 'gzip' : undefined;
}
