import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { AllureReporter } from 'allure-playwright';
import { currentRun } from '../src/run/current-run.js';
import { authSessionCategories } from './allure/categories.js';
import { describeExecutor } from './allure/executor.js';
import { metadataOf } from './allure/session-metadata.js';

type Options = ConstructorParameters<typeof AllureReporter>[0];

/**
 * Allure's own reporter, with each test's sessions and information about the run. It passes them the way tests pass
 * data through Allure's API, which other reporters do not see. `withAuthSessions` replaces `allure-playwright` by it.
 */
export default class AllureSessionsReporter extends AllureReporter {
  readonly #environment: Record<string, string>;
  readonly #resultsDir: string;

  constructor(options: Options) {
    const environment: Record<string, string> = {};
    super({
      ...options,
      // Filled when the run begins. The project's own values override it.
      environmentInfo: environment,
      categories: [...(options.categories ?? []), ...authSessionCategories],
    });
    this.#environment = Object.assign(environment, options.environmentInfo);
    this.#resultsDir = path.resolve(options.resultsDir ?? 'allure-results');
  }

  /** A merge of blob reports has no projects, but Allure's reporter needs the first one's folders. */
  override onConfigure(config: FullConfig): void {
    const merged = { outputDir: '', snapshotDir: '' } as FullConfig['projects'][number];
    super.onConfigure(config.projects.length > 0 ? config : { ...config, projects: [merged] });
    this.config = config;
  }

  override onBegin(suite: Suite): void {
    const { decision, store } = currentRun.broker?.greeting ?? {};
    const facts = {
      'auth.environment': decision?.environment,
      'auth.store': store,
      playwright: this.config.version,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
    };
    for (const [name, value] of Object.entries(facts))
      if (value !== undefined) this.#environment[name] ??= value;
    super.onBegin(suite);
  }

  override onTestEnd(test: TestCase, result: TestResult): Promise<void> {
    const metadata = metadataOf(result.annotations, currentRun.broker?.greeting.decision.environment);
    if (!metadata) return super.onTestEnd(test, result);
    const body = Buffer.from(JSON.stringify({ type: 'metadata', data: metadata }));
    const message = { name: 'auth sessions', contentType: runtimeMessage, body };
    // Other reporters share the result itself.
    const told = Object.create(result, {
      attachments: { value: [...result.attachments, message] },
    }) as TestResult;
    return super.onTestEnd(test, told);
  }

  override async onEnd(): Promise<void> {
    await super.onEnd();
    mkdirSync(this.#resultsDir, { recursive: true });
    writeFileSync(
      path.join(this.#resultsDir, 'executor.json'),
      JSON.stringify(describeExecutor(process.env)),
    );
  }
}

/** The type of Allure's messages for a test's labels and parameters, from `allure-js-commons/sdk/reporter`. */
const runtimeMessage = 'application/vnd.allure.message+json';
