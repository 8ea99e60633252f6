import path from 'node:path';
import { defaultAnswers } from '../../../src/cli/init/answers.js';
import { workflowText } from '../../../src/cli/init/workflow-text.js';

/** The workflow of docs/ci.md: what init writes for an npm project, with four shards. */
export function recipeWorkflow(): string {
  const folder = path.resolve('shop');
  const lockFile = path.join(folder, 'package-lock.json');
  const packageManager = { name: 'npm', saidIn: undefined, lockFile, major: undefined } as const;
  const place = { folder, repository: folder, packageManager, webServer: false, configText: '' };
  const text = workflowText({ ...defaultAnswers, shards: 4 }, place);
  return `\`\`\`yaml\n# .github/workflows/auth-sessions.yml\n${text}\`\`\`\n`;
}
