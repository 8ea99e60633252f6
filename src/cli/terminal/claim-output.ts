import type { OutputStream } from './output-stream.js';

export interface ClaimOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Called with each line written to the process's own streams, through `console` or directly. */
  readonly hear: (line: string) => void;
}

/** Streams that only the command writes to. */
export interface ClaimedOutput {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Restores the process's streams, unless other code has replaced them. */
  release(): void;
}

/**
 * Reserves standard output for the command. Output of a sessions file would break JSON or an agent's protocol, and a
 * flow's output may contain a value.
 */
export function claimOutput({ stdout, stderr, hear }: ClaimOptions): ClaimedOutput {
  const own = { stdout: withOwnWrite(stdout), stderr: withOwnWrite(stderr) };
  const hearer = createLineHearer(hear);
  if (hearers.length === 0) for (const stream of [process.stdout, process.stderr]) divert(stream);
  hearers.push(hearer);
  return {
    ...own,
    release() {
      hearer.flush();
      hearers.splice(hearers.indexOf(hearer), 1);
      if (hearers.length === 0) for (const giveBack of diverted.splice(0)) giveBack();
    },
  };
}

interface Hearer {
  hear(text: string): void;
  flush(): void;
}

const hearers: Hearer[] = [];
const diverted: (() => void)[] = [];

/** The same stream with its original `write`. */
function withOwnWrite(stream: OutputStream): OutputStream {
  const write = stream.write.bind(stream);
  return new Proxy(stream, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function divert(stream: NodeJS.WriteStream): void {
  const before = Object.getOwnPropertyDescriptor(stream, 'write');
  const write = (chunk: Uint8Array | string, encoding?: unknown, done?: unknown): boolean => {
    hearers.at(-1)?.hear(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const written = typeof encoding === 'function' ? encoding : done;
    if (typeof written === 'function') process.nextTick(() => void Reflect.apply(written, stream, []));
    return true;
  };
  Object.defineProperty(stream, 'write', { value: write, configurable: true, writable: true });
  diverted.push(() => {
    if (stream.write !== write) return;
    if (before) Object.defineProperty(stream, 'write', before);
    else Reflect.deleteProperty(stream, 'write');
  });
}

/** Collects whole lines, so that a value written in parts is recognized. */
function createLineHearer(hear: (line: string) => void): Hearer {
  let rest = '';
  return {
    hear(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) hear(line);
    },
    flush() {
      if (rest !== '') hear(rest);
      rest = '';
    },
  };
}
