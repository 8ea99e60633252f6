import { spawn } from 'node:child_process';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] added to this process's environment
 * @property {boolean} [quiet] collect what the command prints instead of showing it
 * @property {(text: string) => void} [print] gets what the command prints, as it comes; it has no terminal then
 * @property {number} [timeoutMs] the command ends then, and has failed
 * @property {boolean} [ownGroup] end it together with everything it starts; it then has no terminal to ask at
 */

/**
 * Runs a command to its end. A command that cannot be started has failed, with the reason as its output.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { cwd, env, quiet = false, print, timeoutMs, ownGroup = false } = {}) {
  return new Promise((resolve) => {
    const piped = quiet || print !== undefined;
    const colours = print && process.stdout.isTTY && { FORCE_COLOR: '1' };
    const detached = ownGroup && process.platform !== 'win32';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...colours, ...env },
      stdio: piped ? [ownGroup ? 'ignore' : 'inherit', 'pipe', 'pipe'] : 'inherit',
      // Windows runs npm.cmd through its shell only
      shell: command.endsWith('.cmd'),
      detached,
    });
    const end = (/** @type {NodeJS.Signals} */ signal) => endProcess(child, signal, detached);
    let output = '';
    const collect = (/** @type {string} */ text) => {
      if (print) print(text);
      else output += text;
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    running.add(end);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => end('SIGKILL'), timeoutMs);
    const finish = (/** @type {number} */ code) => {
      if (!running.has(end)) return;
      clearTimeout(timer);
      running.delete(end);
      leaveWhenStopped();
      resolve({ code, output });
    };
    child.on('error', (error) => {
      collect(`Error: ${error.message}\n`);
      finish(1);
    });
    child.on('close', (code) => finish(code ?? 1));
    // a grandchild that was left behind may hold the pipes open
    child.on('exit', (code) => setTimeout(() => finish(code ?? 1), piped ? restMs : 0));
  });
}

/**
 * From here on Ctrl-C, and a polite kill, end this process and what it runs: at once when nothing runs, else when
 * the commands have ended, which a second Ctrl-C or ten seconds make sure of.
 */
export function stopOnSignals() {
  for (const [signal, exitCode] of Object.entries(exitCodes)) {
    process.on(signal, () => {
      const again = stoppedWith !== undefined;
      stoppedWith = exitCode;
      leaveWhenStopped();
      stopRunning(again ? 'SIGKILL' : /** @type {NodeJS.Signals} */ (signal));
      setTimeout(() => stopRunning('SIGKILL'), graceMs).unref();
    });
  }
}

/** @param {NodeJS.Signals} signal */
function stopRunning(signal) {
  // On Windows the console has signalled every process already, and a signal sent by hand would be a hard kill.
  if (process.platform === 'win32' && signal !== 'SIGKILL') return;
  for (const end of running) end(signal);
}

function leaveWhenStopped() {
  if (stoppedWith !== undefined && running.size === 0) process.exit(stoppedWith);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 * @param {boolean} group
 */
function endProcess(child, signal, group) {
  if (!group || child.pid === undefined) return void child.kill(signal);
  try {
    process.kill(-child.pid, signal);
  } catch {
    // it has ended meanwhile
  }
}

/** @type {Set<(signal: NodeJS.Signals) => void>} */
const running = new Set();

/** @type {number | undefined} */
let stoppedWith;

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
const graceMs = 10_000;
/** For what is still in the pipes of a command that has ended. */
const restMs = 2000;
