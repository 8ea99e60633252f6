import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { rollup } from 'rollup';

/**
 * Joins the package's compiled modules into few files: `node tests/run/bundle.mjs FOLDER`, the folder that tsc has
 * written. A process of a run then loads three to seven files instead of a hundred. Types stay as they are.
 *
 * There are no source maps: Playwright would read them for each of its steps. Names and lines stay readable.
 */

/** Files that are loaded by their path: each stays where it is. */
const entries = [
  'fixtures/index',
  'fixtures/vault-contract',
  'fixtures/global-setup',
  'reports/reporter',
  'reports/leak-check-reporter',
  'reports/allure-reporter',
  'src/broker/main',
  'src/script/index',
  'src/cli/main',
  'src/cli/run-program',
  'src/cli/suite/read-suite',
  'src/cli/suite/suite-probe',
];

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('Name the folder: node tests/run/bundle.mjs FOLDER');
await bundle(path.resolve(folder));

/** @param {string} root */
async function bundle(root) {
  const build = await rollup({
    input: Object.fromEntries(entries.map((name) => [name, fileOf(root, name)])),
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
    plugins: [{ name: 'module-urls', resolveImportMeta: urlsBelow(root) }],
    onLog(_, { message }) {
      throw new Error(message);
    },
  });
  const { output } = await build.write({
    dir: root,
    format: 'es',
    chunkFileNames: 'src/chunks/[name].js',
    manualChunks: chooseChunk(root),
    minifyInternalExports: false,
  });
  await build.close();
  const written = new Set(output.map(({ fileName }) => path.normalize(fileName)));
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.js') && !written.has(file)) rmSync(path.join(root, file));
}

/**
 * One chunk for each set of processes that load a module: none loads what only others need.
 *
 * @param {string} root
 * @returns {import('rollup').GetManualChunk}
 */
function chooseChunk(root) {
  /** @type {ReturnType<typeof whatLoads> | undefined} */
  let loaded;
  return (id, { getModuleInfo }) => {
    loaded ??= whatLoads(root, getModuleInfo);
    const { command, worker, later, runner, broker } = loaded;
    if (getModuleInfo(id)?.isEntry) return undefined;
    if (command.has(id)) return 'command';
    if (broker.has(id) && (worker.has(id) || runner.has(id))) return 'shared';
    if (worker.has(id)) return 'worker';
    if (runner.has(id)) return 'runner';
    if (broker.has(id)) return later.has(id) ? 'declaration' : 'broker';
    return undefined;
  };
}

/**
 * The modules that each process loads when it starts, and those that a worker loads when it needs them. A command
 * begins with few, which also a Node runs that is too old for the rest.
 *
 * @param {string} root
 * @param {import('rollup').GetModuleInfo} getModuleInfo
 */
function whatLoads(root, getModuleInfo) {
  /** @param {readonly string[]} files */
  const reach = (files) => {
    const found = new Set(files);
    for (const file of found)
      for (const id of getModuleInfo(file)?.importedIds ?? [])
        if (!getModuleInfo(id)?.isExternal) found.add(id);
    return found;
  };
  /** @param {readonly string[]} names */
  const from = (...names) => reach(names.map((name) => fileOf(root, name)));
  const worker = from('fixtures/index');
  return {
    command: from('src/cli/main'),
    worker,
    later: reach([...worker].flatMap((file) => getModuleInfo(file)?.dynamicallyImportedIds ?? [])),
    runner: from('fixtures/global-setup', 'reports/reporter', 'reports/leak-check-reporter'),
    broker: from('src/broker/main'),
  };
}

/**
 * A module's `import.meta.url` stays that of the module, so that what it names by its path is still found.
 *
 * @param {string} root
 * @returns {import('rollup').ResolveImportMetaHook}
 */
function urlsBelow(root) {
  return (property, { chunkId, moduleId }) => {
    if (property !== 'url') return null;
    const to = path.relative(root, moduleId).replaceAll('\\', '/');
    const url = path.posix.relative(path.posix.dirname(chunkId), to);
    return `new URL(${JSON.stringify(url)}, import.meta.url).href`;
  };
}

/**
 * @param {string} root
 * @param {string} name
 */
function fileOf(root, name) {
  return path.join(root, `${name}.js`);
}
