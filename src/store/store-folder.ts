import { join } from 'node:path';
import type { SystemUser } from '../files/own-path.js';
import { createFileOnce, ensurePrivateFolder } from './atomic-file.js';
import { requirePrivateFolder } from './private-folder.js';

export interface StoreFolderOptions {
  readonly folder: string;
  /** The folder in messages. [folder] */
  readonly shownFolder?: string | undefined;
  readonly randomId: () => string;
  readonly user?: SystemUser | undefined;
}

/** The folder that contains all parts of a store. */
export interface StoreFolder {
  /** Returns `false` if it does not exist. @throws AuthSessionsError `ERR_FOLDER_NOT_PRIVATE` */
  isTrusted(): Promise<boolean>;
  /** Creates it, and optionally a folder in it, for this user only. @throws as `isTrusted` */
  ensure(inner?: string): Promise<void>;
}

export function createStoreFolder({ folder, shownFolder, randomId, user }: StoreFolderOptions): StoreFolder {
  const isTrusted = () => requirePrivateFolder(folder, { shown: shownFolder, mayBeLink: true, user });
  return {
    isTrusted,
    async ensure(inner) {
      if (!(await isTrusted())) {
        // Only a folder created here gets the `.gitignore`: an existing one may contain other files.
        if (await ensurePrivateFolder(folder))
          await createFileOnce(join(folder, '.gitignore'), '*\n', { randomId });
        await isTrusted();
      }
      if (inner === undefined) return;
      await ensurePrivateFolder(join(folder, inner));
      await requirePrivateFolder(join(folder, inner), { user });
    },
  };
}
