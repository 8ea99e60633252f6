import { readFileSync } from 'node:fs';

/** For `npm run report`, started in the folder of package.json. Uses the categories that the run wrote. */
const results = 'reports/output/allure-results';

export default {
  name: 'Consultations, signed in',
  output: 'reports/output/allure-report',
  resultsDir: [results],
  categories: [
    // A test whose session was signed out while it ran, with any error.
    {
      name: 'Lost sessions',
      matchers: { labels: { authSessionLost: '^true$' }, statuses: ['failed', 'broken'] },
    },
    ...readCategories(`${results}/categories.json`),
  ],
};

/**
 * @param {string} file
 * @returns {{ name: string, messageRegex: string }[]}
 */
function readCategories(file) {
  try {
    /** @type {{ name: string, messageRegex: string }[]} */
    const written = JSON.parse(readFileSync(file, 'utf8'));
    return written.map(({ name, messageRegex }) => ({ name, messageRegex }));
  } catch {
    return [];
  }
}
