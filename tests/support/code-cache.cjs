/* oxlint-disable typescript/no-require-imports -- what --require loads is CommonJS */
// Loaded first by every process of a nested run: keeps V8's code of large CommonJS modules between processes, where
// Node cannot (before 22.1, which has NODE_COMPILE_CACHE). Compiling Playwright's bundles costs each process more than
// the rest of its start.
const { createHash, randomUUID } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { isMainThread } = require('node:worker_threads');

// V8 optimizes later: most of these processes end before it pays. [135168]
if (!('enableCompileCache' in Module)) setFlagsFromString('--interrupt-budget=1500000');

/** @typedef {(this: unknown, content: string, filename: string, format?: string) => unknown} Compile */
/** @typedef {{ _compile: Compile }} CompilingModule */
const prototype = /** @type {CompilingModule} */ (/** @type {unknown} */ (Module.prototype));
const compile = prototype._compile;

/**
 * @param {string} content
 * @param {string} filename
 * @param {string} [format]
 * @this {unknown}
 */
prototype._compile = function (content, filename, format) {
  if (content.length < smallestLetters || format === 'module' || !isOfOthers(filename))
    return compile.call(this, content, filename, format);
  const file = placeOf(filename, content);
  const cachedData = read(file);
  const script = new Script(Module.wrap(content), {
    filename,
    ...(cachedData && { cachedData }),
    importModuleDynamically: (specifier) =>
      /** @type {Promise<import('node:vm').Module>} */ (import(specifier)),
  });
  if (!cachedData || script.cachedDataRejected) keep(script, file);
  const run = /** @type {(...args: unknown[]) => unknown} */ (script.runInThisContext());
  const { exports } = /** @type {{ exports: unknown }} */ (this);
  return run.call(exports, exports, Module.createRequire(filename), this, filename, path.dirname(filename));
};

/**
 * As late as possible: what was compiled by then is kept. A loader's thread has no exit.
 *
 * @param {Script} script
 * @param {string} file
 */
function keep(script, file) {
  const save = () => {
    const aside = `${file}.${randomUUID()}`;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(aside, script.createCachedData());
    renameSync(aside, file);
  };
  if (isMainThread) process.once('exit', save);
  else setTimeout(save, 1_000).unref();
}

/**
 * Of a package whose version says what its code is: this one changes without.
 *
 * @param {string} filename
 */
function isOfOthers(filename) {
  const [place] = /[\\/]node_modules[\\/](?!.*[\\/]node_modules[\\/])[^\\/]+/s.exec(filename) ?? [];
  return place !== undefined && !place.endsWith('playwright-auth-sessions');
}

/**
 * By package and version, as an installed copy has the same code. Each kind of process uses other functions of a module.
 *
 * @param {string} filename
 * @param {string} content
 */
function placeOf(filename, content) {
  const [, script = '', command = ''] = process.argv;
  const [, folder = '', file] =
    /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)(.*)$/s.exec(filename) ?? [];
  const { name, version } = /** @type {{ name: string, version: string }} */ (
    JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  );
  const kind = [path.basename(script), command, isMainThread];
  const key = JSON.stringify([process.version, process.arch, kind, name, version, file, content.length]);
  return path.join(kept, createHash('sha256').update(key).digest('hex').slice(0, 32));
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

const smallestLetters = 150_000;
const kept = path.join(__dirname, '../../node_modules/.cache/compiled-code');
