import type * as OpenTelemetryApi from '@opentelemetry/api';

export type OpenTelemetry = typeof OpenTelemetryApi;

/**
 * Whether something of OpenTelemetry is registered in this process. Without it, the API does nothing, so it need not be
 * looked for.
 *
 * @note All copies of `@opentelemetry/api` of one major version share what is registered by this name:
 * https://github.com/open-telemetry/opentelemetry-js/blob/main/api/src/internal/global-utils.ts
 */
export function hasOpenTelemetry(): boolean {
  return Symbol.for('opentelemetry.js.api.1') in globalThis;
}

/** The API, an optional peer. `undefined` if nothing is registered, or if the project has no such package. */
export async function loadOpenTelemetry(
  load: () => Promise<OpenTelemetry> = () => import('@opentelemetry/api'),
): Promise<OpenTelemetry | undefined> {
  if (!hasOpenTelemetry()) return undefined;
  return load().catch(() => undefined);
}
