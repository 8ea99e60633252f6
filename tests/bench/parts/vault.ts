import { createClient } from '@1password/sdk';
import { parseSecretReference } from '../../../src/core/secret-reference.js';
import { SecretValue } from '../../../src/core/secret-value.js';
import { systemClock } from '../../../src/time/system-clock.js';
import { createOnePasswordVault } from '../../../src/vault/one-password/one-password.js';
import { startAloneWithItems } from '../../support/onepassword/start-alone-with-items.js';
import type { Part, PartOptions, PartResult } from '../part.js';
import { median, spreadOf } from '../statistics.js';

/** What reading a vault costs, beside the SDK alone with a `resolve` for each reference. */
export const part: Part = { name: 'vault', title: 'Reading the vault', usualRounds: 3, run };

const names = { integrationName: 'playwright-auth-sessions', integrationVersion: '0.1.0' };

interface Figures {
  readonly requests: number;
  readonly ms: number;
}

interface ColdAndWarm {
  readonly cold: Figures;
  readonly warm: Figures;
}

type Read = (references: readonly string[]) => Promise<void>;

/** Each opens a client, and reads with it. */
const ways: Readonly<Record<string, (token: string) => Read>> = {
  'playwright-auth-sessions': (token) => {
    const vault = createOnePasswordVault({
      auth: { kind: 'service-account', token: new SecretValue(token, 'token') },
      ...names,
      clock: systemClock,
      random: Math.random,
    });
    return async (references) => {
      const answers = await vault.resolveAll(references.map((text) => parseSecretReference(text)));
      if ([...answers.values()].some((answer) => !(answer instanceof SecretValue)))
        throw new Error('no answer');
    };
  },
  'the SDK alone': (token) => {
    const opened: { client?: Awaited<ReturnType<typeof createClient>> } = {};
    return async (references) => {
      const client = (opened.client ??= await createClient({ auth: token, ...names }));
      for (const reference of references) await client.secrets.resolve(reference);
    };
  },
};

async function run({ rounds, quick, progress }: PartOptions): Promise<PartResult> {
  const sizes = quick ? [1] : [1, 10, 100];
  await using server = await startAloneWithItems(Math.max(...sizes));
  const counted = countRequests();
  await createClient({ auth: server.token, ...names }); // the SDK is loaded, and compiled
  const rows = [];
  for (const size of sizes) {
    const references = server.references.slice(0, size);
    const figures = new Map<string, ColdAndWarm[]>();
    const order = Object.entries(ways);
    for (let round = 1; round <= rounds; round += 1) {
      progress(`${size} of ${sizes.at(-1)} references, round ${round} of ${rounds}`);
      for (const [name, open] of order) {
        const read = open(server.token);
        const measure = async () => counted.during(() => read(references));
        figures.set(name, [...(figures.get(name) ?? []), { cold: await measure(), warm: await measure() }]);
      }
      order.push(...order.splice(0, 1));
    }
    for (const [name, all] of figures)
      rows.push([
        size,
        name,
        ...(['cold', 'warm'] as const).flatMap((when) => [
          median(all.map((one) => one[when].requests)),
          spreadOf(all.map((one) => one[when].ms)),
        ]),
      ]);
  }
  counted.end();
  return {
    method:
      '`Cold` begins with a sign-in to 1Password, `warm` has a client. All references are in one vault, of a server on ' +
      'loopback in its own process. The ways take turns. A network adds its latency to each request.',
    goals: [],
    tables: [
      { columns: ['references', 'way', 'cold requests', 'cold, ms', 'warm requests', 'warm, ms'], rows },
    ],
    plots: [],
  };
}

/** Counts what leaves this process, for the SDK alone as for ours. */
function countRequests() {
  let sent = 0;
  const { fetch: send } = globalThis;
  globalThis.fetch = (input, init) => {
    sent += 1;
    return send(input, init);
  };
  return {
    async during(work: () => Promise<void>): Promise<Figures> {
      sent = 0;
      const startMs = performance.now();
      await work();
      return { requests: sent, ms: performance.now() - startMs };
    },
    end() {
      globalThis.fetch = send;
    },
  };
}
