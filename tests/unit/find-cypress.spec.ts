import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { cypressNotes } from '../../src/cli/init/find-cypress.js';

test('a project with a Cypress config gets the recipe, and another none', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cypress-'));
  try {
    await writeFile(path.join(folder, 'package.json'), '{}');
    expect(cypressNotes(folder)).toEqual([]);
    await writeFile(path.join(folder, 'cypress.config.ts'), '');
    expect(cypressNotes(folder)).toEqual([expect.stringContaining('"Moving from cy.session"')]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
