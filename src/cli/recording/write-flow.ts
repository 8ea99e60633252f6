import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ComposedFlow } from './compose-flow.js';
import { anotherPlace, type FlowPlace } from './flow-place.js';
import { formatSource } from './format-source.js';

/**
 * Writes a formatted flow, and returns its place. If a file was created meanwhile, writes next to it, so that nobody
 * has to sign in twice.
 */
export async function writeFlow(
  chosen: FlowPlace,
  { text }: Pick<ComposedFlow, 'text'>,
  { force }: { readonly force: boolean },
): Promise<FlowPlace> {
  await mkdir(path.dirname(chosen.file), { recursive: true });
  for (let number = 1; ; number += 1) {
    const place = number === 1 ? chosen : anotherPlace(chosen, number);
    try {
      const formatted = await formatSource(text, place.file);
      await writeFile(place.file, formatted, { flag: force ? 'w' : 'wx' });
      return place;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
