import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AuthSessionsError } from '../core/errors.js';
import type { BrokerGreeting, BrokerMessage, RunnerMessage } from '../wire/runner-messages.js';
import { deserializeError } from '../wire/serialized-error.js';
import { brokerEnvironment, brokerNodeArguments } from './broker-environment.js';

/** Starts the broker's process. In this repository, it is TypeScript. The package has JavaScript. */
export function forkBroker(temporary: string): ChildProcess {
  const main = import.meta.url.endsWith('.ts') ? '../broker/main-from-source.mjs' : '../broker/main.js';
  const child = fork(fileURLToPath(new URL(main, import.meta.url)), [], {
    execArgv: brokerNodeArguments(),
    env: brokerEnvironment(process.env, { temporary }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  child.unref();
  child.channel?.unref();
  return child;
}

/**
 * Waits for the broker's greeting.
 *
 * @throws AuthSessionsError the broker's own, or `ERR_BROKER_NOT_STARTED`
 */
export async function waitUntilReady(child: ChildProcess): Promise<BrokerGreeting> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(didNotStart(`It did not report within ${startPatienceMs / 1000} s.`)),
      startPatienceMs,
    );
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(didNotStart(`It ended with ${signal ?? `code ${code ?? 'unknown'}`}.`));
    });
    child.on('message', (message: BrokerMessage) => {
      if (message.type !== 'ready' && message.type !== 'failed') return;
      clearTimeout(timer);
      if (message.type === 'ready') resolve(message.greeting);
      else reject(deserializeError(message.error));
    });
  });
}

/** Sends a message. If the child has ended, its end event reports it, not an error of this call. */
export function send(child: ChildProcess, message: RunnerMessage): void {
  if (child.connected) child.send(message, () => undefined);
}

function didNotStart(known: string): AuthSessionsError {
  return new AuthSessionsError('ERR_BROKER_NOT_STARTED', {
    failed: 'The broker did not start.',
    known,
    next: 'See its last output above. Run again. If it fails again, report it.',
  });
}

const startPatienceMs = 60_000;
