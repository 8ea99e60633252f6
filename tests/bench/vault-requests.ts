/**
 * Requests and milliseconds for 1, 10 and 100 references of one vault, beside the SDK alone with a `resolve` each:
 *
 *     node --import jiti/register tests/bench/vault-requests.ts
 *
 * Cold begins with a sign-in, warm has a client. Against the loopback server in a process of its own; each figure is
 * the median of five rounds, whose order changes. A network adds its latency to each request.
 */
import { createClient } from '@1password/sdk';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { systemClock } from '../../src/time/system-clock.js';
import { createOnePasswordVault } from '../../src/vault/one-password/one-password.js';
import { startAloneWithItems } from '../support/onepassword/start-alone-with-items.js';

const rounds = 5;
const sizes = [1, 10, 100];
const names = { integrationName: 'playwright-auth-sessions', integrationVersion: '0.1.0' };

interface Figures {
  readonly requests: number;
  readonly ms: number;
}

await using server = await startAloneWithItems(Math.max(...sizes));
const { token } = server;

/** Counts what leaves, for the SDK alone as for ours. */
let sent = 0;
const { fetch: send } = globalThis;
globalThis.fetch = (input, init) => {
  sent += 1;
  return send(input, init);
};

const openVault = () =>
  createOnePasswordVault({
    auth: { kind: 'service-account', token: new SecretValue(token, 'token') },
    ...names,
    clock: systemClock,
    random: Math.random,
  });
const openClient = () => createClient({ auth: token, ...names });

const ways: Readonly<
  Record<string, (references: readonly string[]) => Promise<{ cold: Figures; warm: Figures }>>
> = {
  'playwright-auth-sessions': async (references) => {
    const parsed = references.map((text) => parseSecretReference(text));
    const vault = openVault();
    const read = async () => {
      const answers = await vault.resolveAll(parsed);
      if ([...answers.values()].some((answer) => !(answer instanceof SecretValue)))
        throw new Error('no answer');
    };
    return { cold: await measure(read), warm: await measure(read) };
  },
  'the SDK alone': async (references) => {
    const opened: { client?: Awaited<ReturnType<typeof openClient>> } = {};
    const read = async () => {
      const client = (opened.client ??= await openClient());
      for (const reference of references) await client.secrets.resolve(reference);
    };
    return { cold: await measure(read), warm: await measure(read) };
  },
};

await openClient(); // the SDK is loaded, and compiled
console.log('| references | way | cold requests | cold ms | warm requests | warm ms |');
console.log('| ---: | --- | ---: | ---: | ---: | ---: |');
for (const size of sizes) {
  const references = server.references.slice(0, size);
  const figures = new Map<string, { cold: Figures; warm: Figures }[]>();
  const order = Object.entries(ways);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, way] of order) figures.set(name, [...(figures.get(name) ?? []), await way(references)]);
    order.push(...order.splice(0, 1));
  }
  for (const name of Object.keys(ways)) {
    const all = figures.get(name) ?? [];
    const [cold, warm] = [medianOf(all.map((one) => one.cold)), medianOf(all.map((one) => one.warm))];
    console.log(
      `| ${[size, name, cold.requests, cold.ms.toFixed(0), warm.requests, warm.ms.toFixed(0)].join(' | ')} |`,
    );
  }
}

async function measure(work: () => Promise<void>): Promise<Figures> {
  sent = 0;
  const startMs = performance.now();
  await work();
  return { requests: sent, ms: performance.now() - startMs };
}

function medianOf(figures: readonly Figures[]): Figures {
  const median = (numbers: readonly number[]) =>
    numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? NaN;
  return { requests: median(figures.map((one) => one.requests)), ms: median(figures.map((one) => one.ms)) };
}
