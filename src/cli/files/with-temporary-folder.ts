import { createProcessFolder, removeProcessFolder } from '../../files/process-folder.js';

/**
 * Has what is started meanwhile put its temporary files into a folder of this process's own (0700), and removes that:
 * browsers' profiles hold cookies. What a killed command leaves, the next removes. Work at the same time shares one.
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
      if (removeProcessFolder(folder)) process.off('exit', remove);
    } catch {
      // Held by a browser that is about to end: tried again when the process ends, and by the next command.
    }
  };
  process.on('exit', remove);
  return {
    users: 0,
    close() {
      for (const [name, value] of before)
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      // Playwright does not wait for the code generator's window when it closes, and ends its browsers when the
      // process ends: this comes after it.
      process.off('exit', remove);
      process.on('exit', remove);
      remove();
    },
  };
}

let current: ReturnType<typeof open> | undefined;

/** By which Node and Chromium find the folder: TMPDIR, and TEMP and TMP on Windows. */
const variables = ['TMPDIR', 'TEMP', 'TMP'] as const;
