import { createProcessFolder, removeProcessFolder } from '../../files/process-folder.js';

/**
 * Gives child processes a private temporary folder (0700) of this process, and removes it afterwards: browsers'
 * profiles contain cookies. The next command removes what a killed one left. Concurrent work shares one folder.
 *
 * @throws AuthSessionsError `ERR_FOLDER_NOT_PRIVATE`
 */
export async function withTemporaryFolder<Result>(work: () => Promise<Result>): Promise<Result> {
  current ??= open();
  const lent = current;
  lent.users += 1;
  try {
    return await work();
  } finally {
    lent.users -= 1;
    if (lent.users === 0) {
      current = undefined;
      lent.close();
    }
  }
}

function open() {
  const { folder, temporary } = createProcessFolder();
  const before = variables.map((name) => [name, process.env[name]] as const);
  for (const name of variables) process.env[name] = temporary;
  const remove = () => {
    try {
      if (!removeProcessFolder(folder)) return;
      process.off('exit', remove);
      for (const signal of signals) process.off(signal, removeLast);
    } catch {
      // An ending browser uses it: removal is tried again when the process ends, and by the next command.
    }
  };
  // Playwright's own handler ends its browsers, and must run before this one.
  const removeLast = () => void process.off('exit', remove).on('exit', remove);
  removeLast();
  // A second Ctrl-C ends the process at once, with its browsers still open.
  for (const signal of signals) process.on(signal, removeLast);
  return {
    users: 0,
    close() {
      for (const [name, value] of before)
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      // Playwright does not wait for the code generator's window to close.
      removeLast();
      remove();
    },
  };
}

let current: ReturnType<typeof open> | undefined;

/** Variables that Node and Chromium read: TMPDIR, and TEMP and TMP on Windows. */
const variables = ['TMPDIR', 'TEMP', 'TMP'] as const;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
