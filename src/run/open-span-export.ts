import { packageVersion } from '../credentials/package-version.js';
import { hasOpenTelemetry } from '../spans/open-telemetry.js';
import { createSpanExport, type SpanExport } from '../spans/span-export.js';
import { runRedactor } from '../wire/process-memory.js';

/** Makes a broker's spans, if the project has registered OpenTelemetry in this process before the broker starts. */
export function openSpanExport(): SpanExport | undefined {
  if (!hasOpenTelemetry()) return undefined;
  return createSpanExport({
    version: packageVersion(),
    nowMs: () => Date.now(),
    onWarning: (text) => void process.stderr.write(`auth-sessions: ${runRedactor.redact(text)}\n`),
  });
}
