import { publicUrl } from '../../src/core/public-url.js';

/** What ran the tests, in the format of `executor.json`. */
export interface AllureExecutor {
  readonly name: string;
  readonly type: string;
  readonly buildOrder?: number;
  readonly buildName?: string;
  readonly buildUrl?: string;
}

/** Reads a CI system's variables. Otherwise the run is local, and the person is not named. */
export function describeExecutor(env: Readonly<Record<string, string | undefined>>): AllureExecutor {
  if (env.GITHUB_ACTIONS === 'true') {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
    const url = server && repository && id && `${server}/${repository}/actions/runs/${id}`;
    return executorOf(
      { name: 'GitHub Actions', type: 'github' },
      { of: env.GITHUB_WORKFLOW, number: env.GITHUB_RUN_NUMBER, url },
    );
  }
  if (env.GITLAB_CI === 'true')
    return executorOf(
      { name: 'GitLab CI', type: 'gitlab' },
      { of: env.CI_PROJECT_PATH, number: env.CI_PIPELINE_IID, url: env.CI_PIPELINE_URL },
    );
  if (env.JENKINS_URL !== undefined)
    return executorOf(
      { name: 'Jenkins', type: 'jenkins' },
      { of: env.JOB_NAME, number: env.BUILD_NUMBER, url: env.BUILD_URL },
    );
  return { name: env.CI ? 'CI' : 'Local run', type: env.CI ? 'ci' : 'local' };
}

interface Build {
  readonly of: string | undefined;
  readonly number: string | undefined;
  readonly url: string | undefined;
}

function executorOf(
  system: Pick<AllureExecutor, 'name' | 'type'>,
  { of, number, url }: Build,
): AllureExecutor {
  const order = Number(number);
  const address = publicUrl(url);
  return {
    ...system,
    ...(Number.isInteger(order) && order > 0 && { buildOrder: order }),
    ...(of && { buildName: number ? `${of} #${number}` : of }),
    ...(address && { buildUrl: address }),
  };
}
