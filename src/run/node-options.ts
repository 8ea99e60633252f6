/**
 * The options of a `NODE_OPTIONS` that the broker keeps: those that find and load modules, reach the network, or set
 * limits. All others are dropped, including those of later Node versions: options that open a debugger, or write the
 * heap, a report, a profile, a trace or TLS keys, could expose the memory of the broker.
 *
 * @see https://nodejs.org/api/cli.html#node_optionsoptions
 */
export function keptNodeOptions(nodeOptions: string): string {
  const kept: string[] = [];
  let takesNext = false;
  for (const word of splitNodeOptions(nodeOptions)) {
    const text = unquoted(word);
    const [name = ''] = text.split('=', 1);
    const isKept: boolean = text.startsWith('-') ? isAllowed(name) : takesNext;
    if (isKept) kept.push(word);
    takesNext = isKept && name === text && withValue.has(withHyphens(name));
  }
  return kept.join(' ');
}

/** Splits options as Node does: at spaces outside double quotes, keeping the quotes. */
function splitNodeOptions(nodeOptions: string): readonly string[] {
  return nodeOptions.match(/(?:"(?:\\.|[^"\\])*"|[^ "])+/gs) ?? [];
}

/** A word without quotes, as Node reads it. */
function unquoted(word: string): string {
  return word.replace(/"((?:\\.|[^"\\])*)"/gs, (_, inside: string) => inside.replace(/\\(.)/gs, '$1'));
}

/** A switch may begin with `--no-`. */
function isAllowed(name: string): boolean {
  const plain = withHyphens(name);
  return withValue.has(plain) || switches.has(plain.replace(/^--no-/, '--'));
}

/** Node accepts underscores too. */
function withHyphens(name: string): string {
  return name.replaceAll('_', '-');
}

const withValue: ReadonlySet<string> = new Set([
  // modules
  ...['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions'],
  ...['--experimental-default-type', '--experimental-specifier-resolution'],
  // network
  ...['--dns-result-order', '--network-family-autoselection-attempt-timeout', '--max-http-header-size'],
  ...['--openssl-config', '--tls-cipher-list', '--icu-data-dir'],
  // limits and warnings
  ...['--max-old-space-size', '--max-old-space-size-percentage', '--max-semi-space-size', '--v8-pool-size'],
  ...['--stack-trace-limit', '--secure-heap', '--secure-heap-min', '--disable-warning'],
]);

const switches: ReadonlySet<string> = new Set([
  // modules
  ...['--preserve-symlinks', '--preserve-symlinks-main', '--enable-source-maps', '--addons'],
  ...['--strip-types', '--experimental-strip-types', '--experimental-transform-types'],
  ...['--require-module', '--experimental-require-module', '--experimental-detect-module'],
  ...['--experimental-vm-modules', '--experimental-wasm-modules', '--experimental-import-meta-resolve'],
  ...['--experimental-sqlite', '--experimental-websocket', '--experimental-eventsource'],
  // network
  ...['--use-openssl-ca', '--use-bundled-ca', '--use-system-ca', '--use-env-proxy', '--insecure-http-parser'],
  ...['--network-family-autoselection', '--enable-network-family-autoselection'],
  ...['--openssl-legacy-provider', '--openssl-shared-config', '--enable-fips', '--force-fips'],
  ...[
    '--tls-min-v1.0',
    '--tls-min-v1.1',
    '--tls-min-v1.2',
    '--tls-min-v1.3',
    '--tls-max-v1.2',
    '--tls-max-v1.3',
  ],
  // warnings
  ...['--warnings', '--deprecation', '--pending-deprecation'],
]);
