/** Writes what of docs is made of the code: `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatCommandOptions, ownSection } from '../support/docs/command-options.js';
import { formatErrorPage } from '../support/docs/error-page.js';

const docs = path.resolve(import.meta.dirname, '../../docs');
writeFileSync(path.join(docs, 'errors.md'), formatErrorPage());

const commandLine = path.join(docs, 'command-line.md');
const page = readFileSync(commandLine, 'utf8');
writeFileSync(
  commandLine,
  page.replace(ownSection(page), () => formatCommandOptions()),
);
