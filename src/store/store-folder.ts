import { join } from 'node:path';
import type { SystemUser } from '../files/own-path.js';
import { createFileOnce, ensurePrivateFolder } from './atomic-file.js';
import { requirePrivateFolder } from './private-folder.js';

export interface StoreFolderOptions {
  readonly folder: string;
  /** As messages name it. [folder] */
  readonly shownFolder?: string | undefined;
  readonly randomId: () => string;
  readonly user?: SystemUser | undefined;
}

/** The folder that all parts of a store are in. */
export interface StoreFolder {
  /** `false` when there is none. @throws AuthSessionsError `ERR_FOLDER_NOT_PRIVATE` */
  isTrusted(): Promise<boolean>;
  /** Makes it, for this user only, and a folder in it where one is named. @throws as `isTrusted` */
  ensure(inner?: string): Promise<void>;
}

export function createStoreFolder({ folder, shownFolder, randomId, user }: StoreFolderOptions): StoreFolder {
  const isTrusted = () => requirePrivateFolder(folder, { shown: shownFolder, mayBeLink: true, user });
  return {
    isTrusted,
    async ensure(inner) {
      if (!(await isTrusted())) {
        // Only a folder made here gets the `.gitignore`: in one that was there before, other files may live.
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
