import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startAlone, type AloneServer } from './start-alone.js';

/** A server in a separate process, with that many logins in its vault, and references to their passwords. */
export async function startAloneWithItems(
  count: number,
): Promise<AloneServer & { readonly references: readonly string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'onepassword-'));
  const file = path.join(folder, 'items.json');
  const items = Array.from({ length: count }, (_, index) => ({
    title: `user-${index}`,
    username: `user-${index}`,
    password: `password of user-${index}`,
  }));
  try {
    await writeFile(file, JSON.stringify(items));
    const server = await startAlone('--items', file);
    const references = items.map(({ title }) => `op://automation/${title}/password`);
    return Object.assign(server, { references });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
