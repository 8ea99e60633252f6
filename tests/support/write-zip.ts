import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** An archive of these files, written by somebody else's program. */
export function writeZip(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const target = mkdtempSync(path.join(tmpdir(), 'zip-'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(target, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const script = `import zipfile, sys
z = zipfile.ZipFile('made.zip', 'w', zipfile.ZIP_DEFLATED)
for name in ${JSON.stringify(Object.keys(files))}: z.write(name)
z.close()`;
  execFileSync('python3', ['-c', script], { cwd: target });
  const archive = readFileSync(path.join(target, 'made.zip'));
  rmSync(target, { recursive: true });
  return archive;
}
