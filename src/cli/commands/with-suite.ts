import { withEngine, type Engine, type EngineOptions } from '../engine/with-engine.js';
import { findSuite, type FoundSuite } from '../suite/find-suite.js';
import { suiteChoiceOf, type SuiteFlags } from './command-options.js';

/** Finds the suite that a command's flags choose, and lends the engine for it. */
export async function withSuite<Result>(
  options: SuiteFlags,
  engineOptions: Omit<EngineOptions, 'suite'>,
  work: (suite: FoundSuite, engine: Engine) => Promise<Result>,
): Promise<Result> {
  const suite = await findSuite(suiteChoiceOf(options), engineOptions.context);
  return withEngine({ ...engineOptions, suite }, (engine) => work(suite, engine));
}
