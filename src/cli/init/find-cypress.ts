import { existsSync, readdirSync } from 'node:fs';
import { above } from '../../files/above.js';

/** What to read for a project with Cypress beside it. Its files stay as they are. */
export function cypressNotes(folder: string): readonly string[] {
  const place = above(folder, ['package.json']) ?? folder;
  const hasConfig = [folder, place]
    .filter((one) => existsSync(one))
    .some((one) => readdirSync(one).some((name) => /^cypress\.(?:config\.[cm]?[jt]s|json)$/.test(name)));
  return hasConfig ? [recipe] : [];
}

const recipe =
  'Cypress is in this project: its cy.session becomes a flow, its validate the check. See "Moving from cy.session" in docs/recipes.md of this package.';
