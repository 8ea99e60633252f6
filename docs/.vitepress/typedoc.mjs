// The API reference: pages in Markdown, of the doc comments behind what each entry of the package exports.

const repository = process.env.SITE_REPOSITORY;

/** @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions & { internalModule: string }} */
export default {
  entryPoints: ['../../fixtures/index.ts', '../../src/script/index.ts', '../../fixtures/vault-contract.ts'],
  tsconfig: '../../tsconfig.build.json',
  displayBasePath: '../..',
  plugin: ['typedoc-plugin-markdown', 'typedoc-plugin-missing-exports', './typedoc-entries.mjs'],
  router: 'entries',
  out: '../api',
  logLevel: 'Warn',
  readme: 'none',

  // Playwright's own types have pages elsewhere; what is built on them and exported has its page here.
  excludeExternals: true,
  excludeInternal: true,
  exclude: ['../../src/broker/**', '../../fixtures/held-session.ts'],
  internalModule: 'Supporting types', // not exported, and part of what is

  disableGit: true,
  disableSources: !repository,
  ...(repository && { sourceLinkTemplate: `${repository}/blob/main/{path}#L{line}` }),

  skipErrorChecking: true, // `npm run typecheck` finds errors
  validation: { invalidLink: true, notExported: false },
  treatValidationWarningsAsErrors: true,

  entryFileName: 'index.md',
  membersWithOwnFile: ['Function', 'Variable', 'Interface', 'Class'], // a type alias is a line or two
  navigationJson: '../api/navigation.json',
  groupOrder: ['Functions', 'Variables', 'Interfaces', 'Type Aliases', 'Classes', 'Modules'],
  indexFormat: 'table',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  parametersFormat: 'table',
  pageTitleTemplates: { module: '{name}' }, // as its @module says
};
