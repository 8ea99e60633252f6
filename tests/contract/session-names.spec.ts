import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import { compilerConfig } from '../../src/cli/init/compiler-config.js';
import { sessionTypesOf } from '../../src/declaration/session-types.js';
import { modulesWithOwnPackage } from '../support/package/built-package.js';

const name = 'playwright-auth-sessions';
const sessions = `import { defineAuthFlow, defineAuthSessions } from '${name}';
export default defineAuthSessions({ sessions: {
  admin: { flow: defineAuthFlow({ async create() {} }), login: 'op://a/b' },
  byHand: { type: 'recorder' },
} });`;
const use = "test.use({ authSession: '";

test('session names complete in an open test, by the project file that init writes, and not without it', async () => {
  const modules = modulesWithOwnPackage();
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'session-names-')));
  const editor = openEditor(path.join(modules, 'typescript/lib/tsserver.js'), root);
  const projects = [
    { folder: 'typescript', extension: 'ts', written: 'tsconfig.json' },
    { folder: 'javascript', extension: 'js', written: 'jsconfig.json' },
    { folder: 'neither', extension: 'ts', written: undefined },
  ] as const;
  try {
    for (const { folder: own, extension, written } of projects) {
      const folder = path.join(root, own);
      const sessionsFile = `auth-flows/auth-sessions.${extension}`;
      await mkdir(path.join(folder, 'auth-flows'), { recursive: true });
      await symlink(modules, path.join(folder, 'node_modules'), 'junction');
      await writeFile(path.join(folder, 'package.json'), '{ "type": "commonjs" }');
      const found = { wiring: { kind: 'by-hand', why: '' }, sessionsFile, state: 'missing' } as never;
      const change = compilerConfig(found, { folder, isTypeScript: extension === 'ts' });
      await writeFile(path.join(folder, sessionsFile), sessions);
      const types = sessionTypesOf(path.join(folder, sessionsFile));
      await writeFile(types.file, types.text);
      if (written !== undefined) {
        expect(change?.file).toBe(path.join(folder, written));
        await writeFile(change?.file ?? '', change?.after ?? '');
      }
      const file = path.join(folder, `a.spec.${extension}`);
      const text = `import { test } from '${name}';\n${use}' });`;
      await writeFile(file, text);
      const names = await editor.complete(file, text);
      expect(names, own).toEqual(written === undefined ? [] : ['admin', 'byHand']);
    }
  } finally {
    editor.close();
    await rm(root, { recursive: true, force: true });
  }
});

interface Answer {
  readonly request_seq?: number;
  readonly body?: { readonly entries?: readonly { readonly name: string }[] };
}

/** What VS Code does: TypeScript's server, asked over its standard input. */
function openEditor(server: string, cwd: string) {
  const child = spawn(process.execPath, [server, '--disableAutomaticTypingAcquisition'], {
    cwd,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith('{')) return;
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.request_seq ?? 0)?.(answer);
  });
  let count = 0;
  const send = (command: string, given: object) => {
    count += 1;
    child.stdin.write(`${JSON.stringify({ seq: count, type: 'request', command, arguments: given })}\n`);
    return count;
  };
  return {
    /** The names that complete between the quotes of `authSession` in the second line. */
    async complete(file: string, text: string): Promise<readonly string[]> {
      send('open', { file, fileContent: text });
      const asked = send('completionInfo', { file, line: 2, offset: use.length + 1 });
      const { body } = await new Promise<Answer>((resolve) => waiting.set(asked, resolve));
      return (body?.entries ?? []).map((entry) => entry.name);
    },
    close: () => child.kill(),
  };
}
