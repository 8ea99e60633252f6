/**
 * Ends Node's own log (`NODE_DEBUG`) in this process, and takes it and Playwright's log file out of the environment that
 * workers, browsers and web servers inherit. Such logs show headers, storage values and environments, and nobody redacts
 * them. Says so, once.
 */
export function quietLogs({ env, stderr, pid }: Pick<NodeJS.Process, 'env' | 'stderr' | 'pid'>): void {
  const found = Object.keys(env).filter((name) => logs.test(name) && env[name]?.trim());
  if (found.length === 0) return;
  for (const name of found) Reflect.deleteProperty(env, name);
  silenceNodeLog(stderr, pid);
  stderr.write(
    `auth-sessions: ${found.join(' and ')} ignored from here on, because these logs show secrets. ` +
      "To log in a web server, set it in the config's webServer.env.\n",
  );
}

/** Node reads its variable once, when it starts; each line of the log is one call of `write`. */
function silenceNodeLog(stderr: NodeJS.WriteStream, pid: number): void {
  const write = stderr.write.bind(stderr) as (...args: unknown[]) => boolean;
  const line = new RegExp(`^[A-Z0-9_]+ (\u001b\\[\\d+m)?${pid}(\u001b\\[\\d+m)?: `);
  stderr.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean =>
    typeof chunk === 'string' && line.test(chunk) ? true : write(chunk, ...rest);
}

const logs = /^(NODE_DEBUG|NODE_DEBUG_NATIVE|DEBUG_FILE)$/i;
