import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

/** Another user of the machine: the one that owns nothing. */
export const nobody = { uid: 65534, gid: 65534 };

/** Only root may start a process as somebody else. Elsewhere the injected user of the unit tests stands in for it. */
export const canBeAnother = process.getuid?.() === 0;
export const whySkipped = 'only root can start a process as another user';

/** Runs JavaScript (CommonJS) as that user, to its end. */
export function runAsNobody(source: string, args: readonly string[] = []): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', source, ...args], {
    ...nobody,
    cwd: '/',
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Starts JavaScript as that user; resolves when it has printed something. */
export async function startAsNobody(source: string, args: readonly string[] = []): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', source, ...args], {
    ...nobody,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}
