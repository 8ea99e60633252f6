import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { movedFlowText } from './moved-flow-text.js';
import type { FlowPlace } from './move-options.js';
import type { MovedTest } from './read-setups.js';
import type { SurveyedSuite } from './survey-suite.js';

/** Flows for setup tests. Sessions with the same statements share one, also one that was written before. */
export function nameFlows(
  tests: readonly MovedTest[],
  suite: Pick<SurveyedSuite, 'syntax'>,
  { folder, extension, isTaken }: FlowPlace,
) {
  const texts = tests.map((one) => ({ name: one.name, text: movedFlowText(one, suite) }));
  const isOne = new Set(texts.map(({ text }) => text)).size === 1;
  const isFree = (flow: string, text: string) => {
    const file = path.join(folder, `${flow}.${extension}`);
    if (isTaken(flow)) return false;
    return !existsSync(file) || readFileSync(file, 'utf8') === text;
  };
  const flowOf = (text: string) => {
    const own = `sign-in-${texts.find((one) => one.text === text)?.name ?? ''}`;
    const wanted = isOne ? ['sign-in', own] : [own];
    const numbered = Array.from({ length: mostFlows }, (_, index) => `${own}-${index + 2}`);
    return [...wanted, ...numbered].find((flow) => isFree(flow, text)) ?? own;
  };
  return {
    texts: new Map(texts.map(({ text }) => [flowOf(text), text])),
    nameOf: (name: string) => flowOf(texts.find((one) => one.name === name)?.text ?? ''),
  };
}

const mostFlows = 100;
