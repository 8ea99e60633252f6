/** Writes the pages of docs that are made of the code: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatErrorPage } from '../support/docs/error-page.js';

writeFileSync(path.resolve(import.meta.dirname, '../../docs/errors.md'), formatErrorPage());
