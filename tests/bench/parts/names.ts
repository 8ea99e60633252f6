import type { Part } from '../part.js';

/** The parts, in the order in which they run and are shown. A part is loaded in its own process alone. */
const parts: Readonly<Record<string, () => Promise<{ readonly part: Part }>>> = {
  suite: () => import('./suite.js'),
  'one-test': () => import('./one-test.js'),
  restoring: () => import('./restoring.js'),
  broker: () => import('./broker.js'),
  scale: () => import('./scale.js'),
  growth: () => import('./growth.js'),
  redaction: () => import('./redaction.js'),
  vault: () => import('./vault.js'),
};

export const partNames: readonly string[] = Object.keys(parts);

export async function openPart(name: string): Promise<Part> {
  const open = parts[name];
  if (!open) throw new TypeError(`There is no part "${name}".`);
  return (await open()).part;
}
