import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findLeaks } from '../../../src/artifacts/find-leaks.js';
import { SecretValue } from '../../../src/core/secret-value.js';
import { createRedactor } from '../../../src/redaction/redactor.js';
import type { NestedProject, NestedRun } from '../nested-run.js';
import type { Canaries } from './canaries.js';
import type { CanarySite } from './canary-site.js';

/** What stays of a canary, in the words of a leak check; with what the run has printed. */
export async function findCanaries(
  { folder }: NestedProject,
  run: Pick<NestedRun, 'output'>,
  { canaries, site }: { readonly canaries: Canaries; readonly site: CanarySite },
): Promise<string[]> {
  await mkdir(path.join(folder, 'printed'), { recursive: true });
  await writeFile(path.join(folder, 'printed/output.txt'), run.output);
  const finds: string[] = [];
  const roots = ['printed', 'reports', '.auth-sessions', 'merged', 'blob-report', 'state'].map((one) =>
    path.join(folder, one),
  );
  for await (const find of findLeaks({ roots, redactor: redactorOf(canaries, site.codes) })) {
    const place = [path.relative(folder, find.file), ...find.members].join(' › ');
    if (find.kind === 'unsearched') finds.push(`${place}: ${find.reason}`);
    else
      for (let count = 0; count < find.count; count += 1)
        finds.push(`${find.label} in ${place} (${find.encoding})`);
  }
  return finds;
}

function redactorOf(canaries: Canaries, codes: ReadonlySet<string>) {
  const { passwords, username, key, seed, jwt, opaque, passkey, mailCode, mailToken } = canaries;
  const redactor = createRedactor();
  const named = { ...passwords, username, seed, jwt, opaque, mailToken, passkey: passkey.privateKey };
  for (const [name, value] of Object.entries(named)) redactor.add(new SecretValue(value, name));
  for (const piece of piecesOf(key)) redactor.add(new SecretValue(piece, 'key'));
  redactor.add(new SecretValue(mailCode, 'mailCode', { kind: 'code' }));
  for (const code of codes) redactor.add(new SecretValue(code, 'code', { kind: 'code' }));
  return redactor;
}

/** Stretches of a key's lines: they identify it, however its lines are printed or cut. */
function piecesOf(key: string): string[] {
  const lines = key.split('\n').filter((line) => !line.startsWith('-----'));
  return lines.flatMap((line) => line.match(/.{16}/g) ?? []);
}
