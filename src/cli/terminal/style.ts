import { styleText } from 'node:util';

/** Text styles. Without colours, each returns its text. */
export type Style = Readonly<
  Record<'good' | 'warning' | 'trouble' | 'quiet' | 'strong', (text: string) => string>
>;

export interface StyleFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
}

/** Colours only on a terminal. `NO_COLOR` (https://no-color.org) turns them off; otherwise `FORCE_COLOR` decides. */
export function createStyle(facts: StyleFacts): Style {
  const paint = (format: Parameters<typeof styleText>[0]) =>
    wantsColours(facts) ? (text: string) => styleText(format, text, { validateStream: false }) : same;
  return {
    good: paint('green'),
    warning: paint('yellow'),
    trouble: paint('red'),
    quiet: paint('dim'),
    strong: paint('bold'),
  };
}

export function wantsColours({ env, isTerminal }: StyleFacts): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return isTerminal && env.TERM !== 'dumb';
}

const same = (text: string) => text;
