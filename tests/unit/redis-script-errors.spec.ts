import { expect, test } from '@playwright/test';
import { SimpleError } from '@redis/client';
import { explainRedisError } from '../../src/store/redis/redis-trouble.js';

/** Redis before 7 answers so when a command in a script fails. */
const inScript = (text: string) =>
  new SimpleError(`ERR Error running script (call to f_0a1b): @user_script:7: @user_script: 7: ${text}`);

for (const text of [
  "-READONLY You can't write against a read only replica.",
  '-MASTERDOWN Link with MASTER is down.',
])
  test(`Redis 6.2 in a failover is asked again after a script's ${text.split(' ')[0]}`, () => {
    expect(explainRedisError(inScript(text)).passing).toBe(true);
  });

for (const [text, failed] of [
  ["-OOM command not allowed when used memory > 'maxmemory'.", 'The session store (Redis) is full.'],
  ['-MISCONF Redis is configured to save RDB snapshots.', 'The session store (Redis) takes no writes.'],
] as const)
  test(`Redis 6.2 that answers a script with ${text.split(' ')[0]} is explained by it`, () => {
    expect(explainRedisError(inScript(text))).toMatchObject({
      passing: false,
      error: { explanation: { failed } },
    });
  });

for (const text of [
  "The user executing the script can't run this command or subcommand",
  "The user executing the script can't access at least one of the keys mentioned in the command arguments",
])
  test(`Redis 6.2 names the missing rights of its user: ${text}`, () => {
    expect(explainRedisError(inScript(text)).error.explanation.next).toContain('docs/stores.md');
  });

test('a script that fails for another reason is not tried again', () => {
  expect(explainRedisError(inScript('attempt to index a nil value')).passing).toBe(false);
});
