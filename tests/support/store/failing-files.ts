import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Act = (...args: unknown[]) => Promise<unknown>;

/** Steps of the file system in the order they are taken, and what the next of them meets. */
export interface FailingFiles {
  /** How many steps were taken since the last `failAt`. */
  steps(): number;
  /** `full`: that step and all after it find the disk full, where they need room. `kill`: the process ends there. */
  failAt(step: number, how: 'full' | 'kill'): void;
}

/** Replaces what the store uses of `node:fs/promises` in this process: of a child that is there for nothing else. */
export async function createFailingFiles(file: string): Promise<FailingFiles> {
  let taken = 0;
  let failingStep = Infinity;
  let how: 'full' | 'kill' = 'full';

  function wrap(name: string, act: Act, needsRoom: boolean): Act {
    return async function (this: unknown, ...args) {
      taken += 1;
      if (how === 'kill' && taken === failingStep) {
        if (name === 'writeFile') await act.call(this, String(args[0]).slice(0, 7), ...args.slice(1));
        process.kill(process.pid, 'SIGKILL');
        await new Promise(() => undefined);
      }
      if (how === 'full' && taken >= failingStep && needsRoom)
        throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), {
          code: 'ENOSPC',
          syscall: name,
        });
      return act.apply(this, args);
    };
  }

  const handle = await promises.open(file, 'w');
  const prototype = Object.getPrototypeOf(handle) as Record<string, Act>;
  await handle.close();
  const module = promises as unknown as Record<string, Act>;
  const open = module.open as unknown as (...args: unknown[]) => Promise<FileHandle>;
  for (const [target, names] of [
    [module, ['mkdir', 'link', 'rename', 'rm', 'readdir', 'lstat', 'stat']],
    [prototype, ['writeFile', 'sync', 'close']],
  ] as const)
    for (const name of names) {
      const act = target[name];
      if (act) target[name] = wrap(name, act, ['mkdir', 'link', 'writeFile', 'sync'].includes(name));
    }
  module.open = async (...args) => wrap('open', open, args[1] === 'wx')(...args);
  syncBuiltinESMExports();
  return {
    steps: () => taken,
    failAt(step, kind) {
      taken = 0;
      failingStep = step;
      how = kind;
    },
  };
}
