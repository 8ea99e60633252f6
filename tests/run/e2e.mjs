// `npm run e2e [-- arguments of playwright test]`: the main job, from a fresh clone.
import { join } from 'node:path';
import { bootstrap, explain, root } from './bootstrap.mjs';
import { run } from './command.mjs';

const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');

try {
  await bootstrap();
  const { code } = await run(process.execPath, [cli, 'test', ...process.argv.slice(2)], { cwd: root });
  process.exitCode = code;
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
