import path from 'node:path';
import { expect, test } from '@playwright/test';
import { keepCompiledCode } from '../../src/broker/keep-compiled-code.js';

test("Node keeps compiled code in the user's own cache, and nowhere else", () => {
  const folders: string[] = [];
  const enable = (folder: string) => folders.push(folder);
  keepCompiledCode({ enable, cacheFolder: () => undefined });
  expect(folders).toEqual([]);
  keepCompiledCode({ enable, cacheFolder: () => '/home/me/.cache/auth-sessions' });
  expect(folders).toEqual([path.join('/home/me/.cache/auth-sessions', 'node')]);
});
