import type { CiSystem } from './answers.js';

/** The parts of a workflow that depend on its shards and systems. */
export interface TestMatrix {
  /** The runner of the job that signs in. */
  readonly first: string;
  readonly runsOn: string;
  /** None for a single job. */
  readonly lines: readonly string[];
  /** `--shard`, with a space after it. */
  readonly shardOption: string;
  /** Distinguishes a job from the others. */
  readonly name: string;
  /** Shards of two systems would have blob reports of one name, and merging them needs all in one folder. */
  readonly blobName: readonly string[];
}

export function testMatrix([system = 'linux', ...others]: readonly CiSystem[], shards: number): TestMatrix {
  const first = runners[system];
  const parts = [
    ...(others.length > 0 ? [['os', [first, ...others.map((other) => runners[other])]] as const] : []),
    ...(shards > 1 ? [['shard', Array.from({ length: shards }, (_, index) => index + 1)] as const] : []),
  ];
  const name = parts.map(([part]) => `\${{ matrix.${part} }}`).join('-');
  const values = parts.map(([part, list]) => `${part}: [${list.join(', ')}]`).join(', ');
  return {
    first,
    runsOn: others.length > 0 ? '${{ matrix.os }}' : first,
    lines: parts.length > 0 ? [`      matrix: { ${values} }`] : [],
    shardOption: shards > 1 ? `--shard=\${{ matrix.shard }}/${shards} ` : '',
    name,
    blobName: others.length > 0 ? [`          PLAYWRIGHT_BLOB_OUTPUT_NAME: report-${name}.zip`] : [],
  };
}

const runners: Readonly<Record<CiSystem, string>> = {
  linux: 'ubuntu-latest',
  macos: 'macos-latest',
  windows: 'windows-latest',
};
