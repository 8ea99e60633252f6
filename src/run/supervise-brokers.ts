import type { RunSummary } from '../core/session-event.js';
import { haveChanged } from '../files/file-stamps.js';
import type { BrokerGreeting } from '../wire/runner-messages.js';
import {
  superviseBroker,
  type BrokerEnd,
  type BrokerOptions,
  type SupervisedBroker,
} from './supervise-broker.js';

/** The broker of the current run, in a process that runs tests several times, as UI mode and editors do. */
export interface SupervisedBrokers {
  /** From the last broker that started. */
  readonly greeting: BrokerGreeting;
  /**
   * Before each run: starts another broker if the project's sessions, flows or local credentials have changed, so that
   * the run uses them. Otherwise, failed sign-ins may be tried again.
   *
   * @throws AuthSessionsError if it cannot start. The next run tries it again.
   */
  prepareRun(): Promise<'same' | 'restarted'>;
  /** Ends the broker and removes its files. Its report includes those of the earlier ones. */
  stop(): Promise<BrokerEnd>;
}

export interface SuperviseBrokersOptions {
  /** Called for each broker, when workers can reach it by its file. */
  readonly onStart: (broker: SupervisedBroker) => void;
}

/** @throws AuthSessionsError if the first one cannot start */
export async function superviseBrokers(
  options: BrokerOptions,
  { onStart }: SuperviseBrokersOptions,
): Promise<SupervisedBrokers> {
  let broker: SupervisedBroker | undefined;
  let earlier: RunSummary | undefined;
  const troubles: string[] = [];
  let isEnding = false;

  const start = async () => {
    const started = await superviseBroker({ ...options, earlier });
    broker = started;
    onStart(started);
    return started;
  };
  const end = async () => {
    const ended = broker;
    broker = undefined;
    if (!ended) return;
    const { summary, trouble } = await ended.stop();
    earlier = summary ?? earlier;
    if (trouble !== undefined) troubles.push(trouble);
  };
  const prepare = async () => {
    if (isEnding) return 'same';
    if (broker && !haveChanged(broker.greeting.sources)) {
      broker.forgetFailures();
      return 'same';
    }
    await end();
    ({ greeting } = await start());
    return 'restarted';
  };

  let { greeting } = await start();
  // One after the other: an editor may end the session while a run begins.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(act);
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    get greeting() {
      return greeting;
    },
    prepareRun: () => inTurn<'same' | 'restarted'>(prepare),
    async stop() {
      isEnding = true;
      return inTurn(async () => {
        await end();
        const [trouble] = troubles;
        return { summary: earlier, trouble };
      });
    },
  };
}
