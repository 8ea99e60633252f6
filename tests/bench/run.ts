import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { modulesWithOwnPackage } from '../support/package/built-package.js';
import { describeMachine } from './machine.js';
import { partNames } from './parts/names.js';
import { descendantsOf } from './process-tree.js';
import { mergePart, readResults, writeResults } from './results.js';
import { runPart } from './run-part.js';
import { writeDocs } from './write-docs.js';

const root = path.resolve(import.meta.dirname, '../..');
const help = `npm run bench [-- NAMES] [--rounds N] [--quick] [--output FOLDER] [--docs]

Measures, without a network, and writes results.json, results.md and plots below reports/output/bench.

  NAMES     which parts: ${partNames.join(', ')} [all]
  --rounds  how often each figure is measured [as often as fits into 25 minutes]
  --quick   tiny sizes: shows that it works, and measures nothing
  --output  another folder for the results
  --docs    writes docs/benchmarks.md from the results so far, and measures nothing`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    output: { type: 'string', default: path.join(root, 'reports/output/bench') },
    docs: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
const isCount = rounds === undefined || (Number.isSafeInteger(rounds) && rounds > 0);
const unknown = positionals.filter((name) => !partNames.includes(name));

if (values.help) {
  console.log(help);
} else if (unknown.length > 0 || !isCount) {
  console.error(
    `Unknown: ${[...unknown, ...(isCount ? [] : [`--rounds ${values.rounds}`])].join(', ')}\n\n${help}`,
  );
  process.exitCode = 2;
} else if (values.docs) {
  writeDocs(root, readResults(values.output));
} else {
  await measure(partNames.filter((name) => positionals.length === 0 || positionals.includes(name)));
}

/** Everything temporary is in one folder, which is removed with what is left of the processes below this one. */
async function measure(names: readonly string[]): Promise<void> {
  const temporary = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const clear = () => {
    for (const pid of descendantsOf(process.pid).reverse()) endProcess(pid);
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.once(signal, () => {
      clear();
      process.exit(code);
    });
  try {
    console.log('Building the package as users get it');
    modulesWithOwnPackage();
    for (const name of names) await measurePart(name, temporary);
  } finally {
    clear();
  }
  console.log(`\nResults: ${path.relative(process.cwd(), path.join(values.output, 'results.md'))}`);
}

async function measurePart(name: string, temporary: string): Promise<void> {
  const startedMs = performance.now();
  const sinceStart = () => Math.round((performance.now() - startedMs) / 1000);
  console.log(`\n${name}`);
  try {
    const { result, ...about } = await runPart(name, {
      rounds,
      quick: values.quick,
      temporary,
      progress: (line) => console.log(`  ${String(sinceStart()).padStart(3)} s  ${line}`),
    });
    const measuredOn = new Date().toISOString().slice(0, 10);
    const { quick } = values;
    const how = { name, machine: describeMachine(), measuredOn, quick, seconds: sinceStart() };
    const part = { ...about, ...how, result };
    writeResults(values.output, mergePart(readResults(values.output), part, partNames));
    for (const { goal, measured, reached } of result.goals)
      console.log(`  ${reached ? 'reached' : 'NOT reached'}: ${goal}: ${measured}`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`  FAILED: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}
