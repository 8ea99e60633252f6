import type { OutputStream } from './output-stream.js';

export interface ClaimOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Gets each line of what is written to the process's own streams meanwhile, by `console` or past it. */
  readonly hear: (line: string) => void;
}

/** What a command writes to, as nobody else can. */
export interface ClaimedOutput {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Gives the process's streams back, when nobody else has claimed them. */
  release(): void;
}

/**
 * Keeps standard output for the command. A sessions file that prints when it is loaded would break an envelope, or the
 * protocol that an agent speaks; and what a flow prints may have a value in it.
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

/** The same stream, with the `write` that it has now. */
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

/** Whole lines, so that a value which is written in parts is known for what it is. */
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
