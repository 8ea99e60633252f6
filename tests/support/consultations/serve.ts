import { parseArgs } from 'node:util';
import { createConsultationsSite } from './create-consultations-site.js';

/**
 * Serves the site until a signal stops it.
 *
 *   node --import jiti/register tests/support/consultations/serve.ts [--port N] [--state FILE]
 *
 * CONSULTATIONS_PORT is the port where none is given [4310]; CONSULTATIONS_TEST_KEY opens the test controls.
 */
const { values } = parseArgs({ options: { port: { type: 'string' }, state: { type: 'string' } } });
const { CONSULTATIONS_PORT, CONSULTATIONS_TEST_KEY } = process.env;

const site = await createConsultationsSite({
  port: Number(values.port ?? CONSULTATIONS_PORT ?? 4310),
  ...(values.state !== undefined && { stateFile: values.state }),
  ...(CONSULTATIONS_TEST_KEY && { testControlKey: CONSULTATIONS_TEST_KEY }),
});

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void site.close().finally(() => process.exit(0)));

console.log(`Consultations is listening on ${site.url}`);
