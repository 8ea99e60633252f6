import { withEngine, type Engine, type EngineOptions } from '../engine/with-engine.js';
import { findProject, type FoundProject } from '../project/find-project.js';
import { projectChoiceOf, type ProjectOptions } from './command-options.js';

/** Finds the project that a command's options choose, and lends the engine for it. */
export async function withProject<Result>(
  options: ProjectOptions,
  engineOptions: Omit<EngineOptions, 'project'>,
  work: (project: FoundProject, engine: Engine) => Promise<Result>,
): Promise<Result> {
  const project = await findProject(projectChoiceOf(options), engineOptions.context);
  return withEngine({ ...engineOptions, project }, (engine) => work(project, engine));
}
