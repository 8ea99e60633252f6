/**
 * Versions in GitHub Actions workflows: in those of `init`, in docs/ci.md and in this repository.
 * tests/unit/workflow-text.spec.ts compares them.
 */
export const actions = {
  checkout: 'actions/checkout@v6',
  setupNode: 'actions/setup-node@v6',
  uploadArtifact: 'actions/upload-artifact@v7',
  downloadArtifact: 'actions/download-artifact@v8',
  configurePages: 'actions/configure-pages@v6',
  uploadPages: 'actions/upload-pages-artifact@v5',
  deployPages: 'actions/deploy-pages@v5',
  setupPnpm: 'pnpm/action-setup@v6',
  setupBun: 'oven-sh/setup-bun@v2',
} as const;

export const workflowNode = 24;
