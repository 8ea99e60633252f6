import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { above } from '../../files/above.js';
import type { SurveyedSuite } from './survey-suite.js';

type Place = Pick<SurveyedSuite, 'folder' | 'repository'>;

/** A note for each step of an existing workflow that runs tests, if its file does not name the secrets they need. */
export function unsignedWorkflows(place: Place, secrets: readonly string[]): readonly string[] {
  const folder = path.join(place.repository, '.github/workflows');
  const runsTests = commandOf(scriptsWithTests(place));
  return listWorkflows(folder).flatMap((name) => {
    const text = read(path.join(folder, name));
    const missing = secrets.filter((secret) => !new RegExp(`\\b${secret}\\b`).test(text));
    if (missing.length === 0) return [];
    return linesWith(runsTests, text).map(
      (line) =>
        `.github/workflows/${name}:${line} runs tests without ${missing.join(' and ')}. If they are the tests of this config, pass ${missing.length > 1 ? 'these secrets' : 'this secret'} in the env of the step, or remove the step.`,
    );
  });
}

function listWorkflows(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

/** Scripts of the nearest package.json and of the repository's that call Playwright, and those that call them. */
function scriptsWithTests({ folder, repository }: Place): readonly string[] {
  const scripts = [repository, above(folder, ['package.json'])].flatMap((place) =>
    place === undefined ? [] : scriptsIn(read(path.join(place, 'package.json'))),
  );
  const found = new Set<string>();
  for (let before = -1; before !== found.size;) {
    before = found.size;
    const calls = commandOf([...found]);
    for (const [name, command] of scripts) if (calls.test(command)) found.add(name);
  }
  return [...found];
}

function scriptsIn(text: string): [string, string][] {
  try {
    const { scripts } = JSON.parse(text) as { readonly scripts?: unknown };
    return Object.entries(scripts ?? {}).filter((one): one is [string, string] => typeof one[1] === 'string');
  } catch {
    return [];
  }
}

/** A command that runs Playwright's tests itself, or one of the scripts that do. */
function commandOf(scripts: readonly string[]): RegExp {
  const names = scripts.map((name) => name.replaceAll(/[^\w]/g, String.raw`\$&`)).join('|');
  const byScript =
    names === '' ? '' : String.raw`|\b(?:npm|pnpm|yarn|bun)\s[^&|;#]*?(?<=\s)(?:${names})(?=[\s&|;]|$)`;
  return new RegExp(String.raw`\bplaywright\s+test\b${byScript}`);
}

function linesWith(command: RegExp, text: string): number[] {
  return text
    .split('\n')
    .flatMap((line, index) => (command.test(line.replace(/(^|\s)#.*/, '').trimEnd()) ? [index + 1] : []));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
