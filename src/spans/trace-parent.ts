import { hasOpenTelemetry, loadOpenTelemetry } from './open-telemetry.js';

/** A span of the project, in another process. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** The header that names the span around a request (W3C Trace Context). */
export const traceParentHeader = 'traceparent';

/** The project's active span in this process, as the header has it. Never rejects. */
export async function activeTraceParent(): Promise<string | undefined> {
  if (!hasOpenTelemetry()) return undefined;
  try {
    const api = await loadOpenTelemetry();
    const active = api?.trace.getSpanContext(api.context.active());
    if (!active || !api?.isSpanContextValid(active)) return undefined;
    const flags = active.traceFlags.toString(16).padStart(2, '0');
    return `00-${active.traceId}-${active.spanId}-${flags}`;
  } catch {
    return undefined;
  }
}

/** Reads the header, which a worker may have made itself. */
export function readTraceParent(header: unknown): TraceParent | undefined {
  const [, traceId, spanId, flags] =
    /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(String(header)) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}
