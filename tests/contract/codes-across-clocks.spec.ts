import { expect } from '@playwright/test';
import type { Clock, Vault } from '../../src/core/ports.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { timeStepAt } from '../../src/core/totp.js';
import { createCodeDesk } from '../../src/credentials/code-desk.js';
import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { test } from '../support/store/temporary-folder.js';

const dayMs = 86_400_000;

for (const [way, jumpMs] of [
  ['forward', dayMs],
  ['back', -dayMs],
] as const)
  test(`a clock that goes a day ${way} and returns gives no run a code of a step that another has used`, async ({
    folder,
  }) => {
    let nowMs = Date.UTC(2030, 0, 1);
    const clock: Clock = { nowMs: () => nowMs, sleep: (ms) => Promise.resolve(void (nowMs += ms)) };
    const vault: Vault = {
      kind: 'local',
      resolveAll: () => Promise.reject(new Error('not asked for values')),
      requestCount: () => 0,
      readCode: () =>
        Promise.resolve({ code: new SecretValue(String(timeStepAt(clock.nowMs(), 30).number), 'code') }),
    };
    /** As the next run, which knows what the store knows. */
    const codeOfNextRun = () => {
      const store = createEncryptedFileStore({ clock, folder });
      const desk = createCodeDesk({
        vault,
        store,
        clock,
        minRemainingSeconds: 5,
        fingerprint: (text) => text,
      });
      const reference = parseSecretReference('op://qa/admin/one-time password?attribute=otp');
      const request = { session: 'admin', reference, periodSeconds: 30, digits: undefined };
      return desk.handOut({ ...request, signal: new AbortController().signal });
    };
    const codes = [await codeOfNextRun()];
    nowMs += jumpMs;
    codes.push(await codeOfNextRun());
    nowMs -= jumpMs;
    codes.push(await codeOfNextRun());
    expect(new Set(codes).size).toBe(3);
  });
