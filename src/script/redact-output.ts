import { createStreamRedactor } from '../redaction/redact-stream.js';
import type { Redactor } from '../redaction/redactor.js';
import { whenSilent } from '../time/when-silent.js';

/**
 * Redacts what this process writes to its standard streams: a script may print what it got. Returns a function that
 * restores them.
 */
export function redactOutput(
  { stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>,
  redactor: Redactor,
): () => void {
  const restore = [stdout, stderr].map((stream) => redactStream(stream, redactor));
  return () => {
    for (const one of restore) one();
  };
}

function redactStream(stream: NodeJS.WriteStream, redactor: Redactor): () => void {
  const before = Object.getOwnPropertyDescriptor(stream, 'write');
  const write = stream.write.bind(stream);
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
