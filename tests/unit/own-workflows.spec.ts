import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { lanesOf } from '../run/stages.mjs';

const root = path.resolve(import.meta.dirname, '../..');

interface Job {
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly number[]>> };
  readonly steps: readonly { readonly run?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}

const workflows = new Map(
  readdirSync(path.join(root, '.github/workflows')).map((name) => [name, jobsOf(name)]),
);
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
};

test('each script that a workflow runs exists', () => {
  const names = [...workflows.values()]
    .flatMap((jobs) => Object.values(jobs))
    .flatMap(commandsOf)
    .flatMap((command) => scriptOf(command) ?? []);
  expect(new Set(names)).toEqual(new Set(['test:fast', 'test:slow', 'test', 'site']));
  expect(names.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test('each script runs a file that exists', () => {
  const files = Object.values(manifest.scripts).flatMap(
    (script) => script.match(/\b[\w/.-]+\.(mjs|ts|json)\b/g) ?? [],
  );
  expect(files.length).toBeGreaterThan(8);
  expect(() => files.map((file) => readFileSync(path.join(root, file)))).not.toThrow();
});

test('the fast tier runs on each supported major version of Node, the slow one on the newest, once', () => {
  const { fast, slow } = workflows.get('ci.yml') ?? {};
  const lowest = Number(/\d+/.exec(manifest.engines.node)?.[0]);
  expect(fast?.strategy?.matrix.node).toEqual([lowest, 22, 24]);
  expect(nodesOf(fast)).toEqual(['${{ matrix.node }}']);
  expect(slow?.strategy?.matrix).not.toHaveProperty('node');
  expect(nodesOf(slow)).toEqual([24]);
});

test('the jobs together run every check once', () => {
  const { fast, slow } = workflows.get('ci.yml') ?? {};
  const shards = slow?.strategy?.matrix.shard ?? [];
  expect(shards).toEqual(shards.map((_, index) => index + 1));
  expect(commandsOf(fast)).toEqual(['.ci/run test:fast']);
  expect(commandsOf(slow)).toEqual([`.ci/run test:slow --shard=\${{ matrix.shard }}/${shards.length}`]);
  const titles = (tier: 'all' | 'fast' | 'slow', ...playwrightArgs: string[]) =>
    lanesOf(tier, { folder: root, playwrightArgs }).flatMap((lane) => lane.map(({ title }) => title));
  const sharded = shards.flatMap((shard) => titles('slow', `--shard=${shard}/${shards.length}`));
  const pieces = sharded.filter((title) => title !== 'tests: integration');
  expect(new Set(pieces).size).toBe(pieces.length);
  expect(sharded.length - pieces.length).toBe(shards.length);
  expect(new Set([...titles('fast'), ...sharded].flatMap(partsOf))).toEqual(
    new Set(titles('all').flatMap(partsOf)),
  );
});

function jobsOf(workflow: string): Readonly<Record<string, Job>> {
  const text = readFileSync(path.join(root, '.github/workflows', workflow), 'utf8');
  return (parse(text) as { readonly jobs: Readonly<Record<string, Job>> }).jobs;
}

function commandsOf(job: Job | undefined): string[] {
  return job?.steps.flatMap(({ run }) => run ?? []) ?? [];
}

function nodesOf(job: Job | undefined): unknown[] {
  return job?.steps.flatMap(({ with: inputs }) => inputs?.['node-version'] ?? []) ?? [];
}

/** The script of package.json that a command runs. */
function scriptOf(command: string): string | undefined {
  const [, ofCi, ofNpm] = /^(?:\.ci\/run ?(\S*)|npm run (\S+))/.exec(command) ?? [];
  return ofNpm ?? (ofCi === '' ? 'test' : ofCi);
}

/** `tests: unit, contract` in its parts: a tier may join them differently. */
function partsOf(title: string): string[] {
  return title.replace('tests: ', '').split(', ');
}
