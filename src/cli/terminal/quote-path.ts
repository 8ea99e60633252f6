import { printable } from '../../core/printable.js';

/** A path for a command that a person types, in a shell or in Windows' cmd, which has no single quotes. */
export function quotePath(file: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w./:@+-]+$/.test(file)) return file;
  if (platform === 'win32') return `"${file}"`;
  if (printable(file) !== file) return `$'${printable(file.replaceAll(/[\\']/g, '\\$&'))}'`;
  return `"${file.replaceAll(/[\\"$`]/g, '\\$&')}"`;
}
