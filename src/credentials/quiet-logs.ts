/**
 * Turns off Node's own log (`NODE_DEBUG`) in this process, and removes it and Playwright's log file from the
 * environment that workers, browsers and web servers inherit. Such logs show headers, storage values and environments,
 * unredacted. Reports this once.
 */
export function quietLogs({ env, stderr, pid }: Pick<NodeJS.Process, 'env' | 'stderr' | 'pid'>): void {
  const found = Object.keys(env).filter((name) => logs.test(name) && env[name]?.trim());
  if (found.length === 0) return;
  for (const name of found) Reflect.deleteProperty(env, name);
  silenceNodeLog(stderr, pid);
  stderr.write(
    `auth-sessions: ${found.join(' and ')} turned off, because these logs show secrets. ` +
      "To log in a web server, set it in the config's webServer.env.\n",
  );
}

/** Node reads the variable once at startup. Each log line is one call of `write`. */
function silenceNodeLog(stderr: NodeJS.WriteStream, pid: number): void {
  const write = stderr.write.bind(stderr) as (...args: unknown[]) => boolean;
  const line = new RegExp(`^[A-Z0-9_]+ (\u001b\\[\\d+m)?${pid}(\u001b\\[\\d+m)?: `);
  stderr.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean =>
    typeof chunk === 'string' && line.test(chunk) ? true : write(chunk, ...rest);
}

const logs = /^(NODE_DEBUG|NODE_DEBUG_NATIVE|DEBUG_FILE)$/i;
