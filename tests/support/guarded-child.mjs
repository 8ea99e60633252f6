// Started by a test: a process with a secret in its memory, guarded or not.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import inspector from 'node:inspector';
import { setTimeout as delay } from 'node:timers/promises';
import { createJiti } from 'jiti';

const [how, isKnockedFirst] = process.argv.slice(2);
/** @type {typeof import('../../src/credentials/guard-memory.ts')} */
const { guardMemory } = await createJiti(import.meta.url).import('../../src/credentials/guard-memory.ts');
const secret = randomBytes(24).toString('hex');

if (isKnockedFirst) {
  process.kill(process.pid, 'SIGUSR1');
  while (inspector.url() === undefined) await delay(10);
}
if (how !== 'bare') guardMemory({ debuggable: how !== 'broker' });

process.on('message', (asked) => {
  if (asked === 'abort') {
    writeSync(1, secret);
    process.abort();
  }
  process.send?.({ url: inspector.url() });
});
process.send?.('ready');
