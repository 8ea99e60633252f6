import { createStreamRedactor } from '../redaction/redact-stream.js';
import type { Redactor } from '../redaction/redactor.js';
import { whenSilent } from '../time/when-silent.js';

/**
 * Redacts what this process writes to its standard streams: a script may print what it got, and a flow what it typed.
 * With `into`, everything goes to that stream. Returns a function that restores them.
 */
export function redactOutput(
  { stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>,
  redactor: Redactor,
  into?: NodeJS.WriteStream,
): () => void {
  // Bound before any stream is changed: what is redacted once is not redacted again.
  const streams = [stdout, stderr].map((stream) => {
    const target = into ?? stream;
    return { stream, write: target.write.bind(target) };
  });
  const restore = streams.map(({ stream, write }) => redactStream(stream, write, redactor));
  return () => {
    for (const one of restore) one();
  };
}

function redactStream(
  stream: NodeJS.WriteStream,
  write: NodeJS.WriteStream['write'],
  redactor: Redactor,
): () => void {
  const before = Object.getOwnPropertyDescriptor(stream, 'write');
  const change = createStreamRedactor(redactor);
  const flush = () => {
    const rest = change.flush();
    if (rest.length > 0) write(rest);
  };
  const heard = whenSilent(flush);
  const redacting = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const encoding = rest.find((one): one is BufferEncoding => typeof one === 'string');
    const written = rest.find((one): one is () => void => typeof one === 'function');
    const passed = change.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk));
    heard(change.patienceMs);
    return write(passed, written);
  };
  stream.write = redacting;
  process.on('exit', flush);
  return () => {
    flush();
    process.off('exit', flush);
    // Other code that has replaced it since then still writes through it.
    if ((stream.write as unknown) !== redacting) return;
    if (before) Object.defineProperty(stream, 'write', before);
    else Reflect.deleteProperty(stream, 'write');
  };
}
