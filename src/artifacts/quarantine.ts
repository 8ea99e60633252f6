import { chmod, copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';

export interface QuarantineOptions {
  readonly roots: readonly string[];
  readonly quarantine: string;
}

/**
 * Moves a file below the quarantine folder, where it stands as it stood below its root: folders 0700, the file 0600,
 * under another name where there is one already, and by copying across devices. Gives the new path.
 */
export async function moveToQuarantine(file: string, options: QuarantineOptions): Promise<string> {
  const to = await reservePlace(placeOf(file, options), resolve(options.quarantine));
  try {
    await rename(file, to);
  } catch (error) {
    if (!isOtherDevice(error)) {
      await rm(to, { force: true });
      throw error;
    }
    await copyFile(file, to);
    await rm(file, { force: true });
  }
  await chmod(to, 0o600);
  return to;
}

/** Its root's name stays in front, so that files of several roots are told apart. */
function placeOf(file: string, { roots, quarantine }: QuarantineOptions): string {
  const root = roots.map((one) => resolve(one)).find((one) => file.startsWith(`${one}${sep}`));
  return join(resolve(quarantine), root === undefined ? basename(file) : relative(dirname(root), file));
}

async function reservePlace(wanted: string, quarantine: string): Promise<string> {
  await mkdir(dirname(wanted), { recursive: true, mode: 0o700 });
  await chmod(quarantine, 0o700);
  const ending = extname(wanted);
  for (let number = 1; ; number++) {
    const place =
      number === 1 ? wanted : `${wanted.slice(0, wanted.length - ending.length)}-${number}${ending}`;
    try {
      await (await open(place, 'wx', 0o600)).close();
      return place;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

function isOtherDevice(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EXDEV';
}
