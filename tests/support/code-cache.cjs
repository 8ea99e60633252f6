/* eslint-disable no-undef, @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-assignment --
   what --require loads is CommonJS; the linter does not see the casts in JSDoc comments */
// Loaded first by every process of a nested run: keeps V8's code of large CommonJS modules between processes, where
// Node cannot (before 22.1, which has NODE_COMPILE_CACHE). Compiling Playwright's bundles costs each process more than
// the rest of its start.
const { createHash, randomUUID } = require('node:crypto');
const { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { isMainThread } = require('node:worker_threads');

// Optimizing later: most of these processes end before it pays. [135168]
setFlagsFromString('--interrupt-budget=1500000');

/** @typedef {{ _compile: (this: unknown, content: string, filename: string) => unknown }} CompilingModule */
const prototype = /** @type {CompilingModule} */ (/** @type {unknown} */ (Module.prototype));
const compile = prototype._compile;

/**
 * @param {string} content
 * @param {string} filename
 * @this {unknown}
 */
prototype._compile = function (content, filename) {
  if (content.length < smallestLetters || !filename.startsWith(packages))
    return compile.call(this, content, filename);
  const file = placeOf(filename);
  const cachedData = read(file);
  const script = new Script(Module.wrap(content), {
    filename,
    ...(cachedData && { cachedData }),
    importModuleDynamically: (specifier) =>
      /** @type {Promise<import('node:vm').Module>} */ (import(specifier)),
  });
  if (!cachedData || script.cachedDataRejected) keep(script, file);
  const run = /** @type {(...args: unknown[]) => unknown} */ (script.runInThisContext());
  const { exports } = /** @type {{ exports: unknown }} */ (/** @type {unknown} */ (this));
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
 * Each kind of process uses other functions of a module.
 *
 * @param {string} filename
 */
function placeOf(filename) {
  const { mtimeMs, size } = statSync(filename);
  const [, script = '', command = ''] = process.argv;
  const kind = [path.basename(script), command, isMainThread];
  const key = JSON.stringify([process.version, process.arch, kind, filename, mtimeMs, size]);
  return path.join(folder, createHash('sha256').update(key).digest('hex').slice(0, 32));
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
const packages = realpathSync(path.join(__dirname, '../../node_modules'));
const folder = path.join(packages, '.cache/compiled-code');
