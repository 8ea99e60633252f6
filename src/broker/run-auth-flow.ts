import type { APIRequestContext, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import type { AuthFlow, CheckTools, Credentials } from '../core/auth-flow.js';
import { sessionDefaults } from '../core/auth-session.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, type Evidence } from '../core/errors.js';
import type { Clock, FlowJob, FlowRunner, SignInCredentials } from '../core/ports.js';
import type { Redactor } from '../core/redactor.js';
import { SecretValue } from '../core/secret-value.js';
import { isEmptyState, withCookies, type StorageState } from '../core/storage-state.js';
import type { BrowserPlan } from './browser-plan.js';
import { captureState } from './capture-state.js';
import { cleanMessage } from './clean-message.js';
import { createDeadline, type Deadline } from './deadline.js';
import { explainSignInFailure } from './explain-sign-in-failure.js';
import type { FlowBrowsers } from './flow-browser.js';
import { destructuredNames } from './destructured-names.js';
import { restoreSessionStorage } from './restore-session-storage.js';

export interface FlowRunnerOptions {
  readonly browsers: FlowBrowsers;
  readonly planFor: (project: string | undefined) => BrowserPlan;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Time limits do not run while a person debugs. */
  readonly debugging: boolean;
}

const pauseBetweenChecksMs = 250;

/** Runs flows in a browser of the kind the tests use, in a context of the flow's own, which no trace or report sees. */
export function createFlowRunner(options: FlowRunnerOptions): FlowRunner {
  return {
    async create(job) {
      const flow = requireFlow(job.session);
      return withDeadline(job, options, (deadline) =>
        withContext(job, options, async (context) => {
          const page = await context.newPage();
          try {
            await deadline.race(flow.create(createTools(job, page, deadline)));
            await deadline.race(verifySignedIn(job, flow, page, deadline.signal, options));
            return await captureState(context);
          } catch (error) {
            job.signal.throwIfAborted();
            await knowCookies(context, job.session.name, options.redactor);
            const evidence = await gatherEvidence(page, options.redactor);
            throw explainSignInFailure(
              error,
              job.session.name,
              (text) => options.redactor.redact(text),
              evidence,
            );
          }
        }),
      );
    },
    async check(job) {
      const { check } = requireFlow(job.session);
      if (!check) return { signedIn: true, state: job.from };
      const names = destructuredNames(check);
      const needsBrowser = !names || names.includes('page') || names.includes('context');
      const checked = withDeadline(job, options, (deadline) =>
        needsBrowser
          ? withContext(job, options, async (context) => {
              const page = await context.newPage();
              const signedIn = await deadline.race(ask(check, job, page, deadline.signal));
              return { signedIn, state: await captureState(context) };
            })
          : withRequest(job, options, async (request) => {
              const tools = { request, baseURL: baseURLOf(job), signal: deadline.signal } as CheckTools;
              const signedIn = await deadline.race(Promise.resolve(check(tools)));
              return { signedIn, state: withCookies(job.from, (await request.storageState()).cookies) };
            }),
      );
      return checked.catch((error: unknown) => {
        throw new Error(cleanMessage(error, (text) => options.redactor.redact(text)));
      });
    },
  };
}

function requireFlow({ flow, name }: DeclaredSession): AuthFlow<string> {
  if (flow) return flow;
  throw new TypeError(`Session "${name}" has no flow to run`);
}

function createTools(
  { session, values, nextCode, ...job }: FlowJob & SignInCredentials,
  page: Page,
  deadline: Deadline,
): Parameters<AuthFlow<string>['create']>[0] {
  const context = page.context();
  return {
    page,
    context,
    request: context.request,
    credentials: knownParametersOnly(values, session.name),
    totp: () => deadline.pause(() => nextCode(deadline.signal)),
    baseURL: baseURLOf({ session, ...job }),
    signal: deadline.signal,
  };
}

/** A misspelt parameter is an error where it is read, and not an empty field on a page. */
function knownParametersOnly(values: Readonly<Record<string, string>>, session: string): Credentials<string> {
  return new Proxy(values, {
    get(target, name) {
      if (typeof name === 'symbol' || Object.hasOwn(target, name)) return Reflect.get(target, name) as string;
      throw new AuthSessionsError(
        'ERR_CONFIG_INVALID',
        {
          failed: `Session "${session}" has no parameter "${name}".`,
          known: `Its flow reads credentials.${name}; it has: ${Object.keys(target).join(', ')}.`,
          next: `Add ${name}: "op://…" to its parameters, or mend the flow.`,
        },
        { session },
      );
    },
  });
}

/** A sign-in counts when the flow's own check says so; without one, when it left anything at all. */
async function verifySignedIn(
  job: FlowJob,
  { check }: AuthFlow<string>,
  page: Page,
  signal: AbortSignal,
  { clock, redactor }: FlowRunnerOptions,
): Promise<void> {
  let reason = 'It left no cookie and no storage';
  if (!check) {
    if (!isEmptyState(await captureState(page.context()))) return;
  } else {
    for (let left = job.session.checkAttempts; left > 0; left -= 1) {
      reason = "The flow's check said no right after it";
      try {
        if (await ask(check, job, page, signal)) return;
      } catch (error) {
        reason = `The flow's check threw: ${cleanMessage(error, (text) => redactor.redact(text))}`;
      }
      if (left > 1) await clock.sleep(pauseBetweenChecksMs, signal);
    }
  }
  throw new AuthSessionsError(
    'ERR_NOT_SIGNED_IN',
    {
      failed: `Session "${job.session.name}": its flow ended without being signed in.`,
      known: `${reason}. The page was ${redactor.redact(page.url())}.`,
      next: 'Let the flow wait for something that only signed-in people see; or mend its check.',
    },
    { session: job.session.name },
  );
}

async function ask(
  check: NonNullable<AuthFlow<string>['check']>,
  job: FlowJob,
  page: Page,
  signal: AbortSignal,
): Promise<boolean> {
  const context = page.context();
  return check({ page, context, request: context.request, baseURL: baseURLOf(job), signal });
}

async function withDeadline<Result>(
  { session, signal }: FlowJob,
  { debugging }: FlowRunnerOptions,
  work: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const seconds = session.flow?.timeoutSeconds ?? sessionDefaults.timeoutSeconds;
  const deadline = createDeadline(debugging ? Infinity : seconds * 1000, signal, () =>
    timedOut(session.name, seconds),
  );
  try {
    return await work(deadline);
  } finally {
    deadline.end();
  }
}

function timedOut(session: string, seconds: number): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_SIGN_IN_TIMEOUT',
    {
      failed: `Session "${session}": its flow did not end within ${seconds} s.`,
      known: 'Time spent waiting for a code does not count.',
      next: "Mend the flow, or raise its timeoutSeconds. PWDEBUG=1 shows the flow's browser.",
    },
    { session },
  );
}

async function withContext<Result>(
  job: FlowJob,
  { browsers, planFor }: FlowRunnerOptions,
  work: (context: BrowserContext) => Promise<Result>,
): Promise<Result> {
  const plan = planFor(job.place.project);
  return browsers.with(plan, async (browser) => {
    const context = await browser.newContext(contextOptionsOf(job, plan));
    try {
      if (job.from) await restoreSessionStorage(context, job.from.sessionStorage);
      return await work(context);
    } finally {
      await context.close().catch(() => undefined);
    }
  });
}

async function withRequest<Result>(
  job: FlowJob & { readonly from: StorageState },
  { planFor }: FlowRunnerOptions,
  work: (request: APIRequestContext) => Promise<Result>,
): Promise<Result> {
  const options = contextOptionsOf(job, planFor(job.place.project));
  const { request } = await import('@playwright/test');
  const {
    baseURL,
    clientCertificates,
    extraHTTPHeaders,
    httpCredentials,
    ignoreHTTPSErrors,
    proxy,
    userAgent,
  } = options;
  const chosen = {
    baseURL,
    clientCertificates,
    extraHTTPHeaders,
    httpCredentials,
    ignoreHTTPSErrors,
    proxy,
    userAgent,
  };
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
  const context = await request.newContext({ ...given, storageState: job.from.playwright });
  try {
    return await work(context);
  } finally {
    await context.dispose();
  }
}

function contextOptionsOf(job: FlowJob, plan: BrowserPlan): BrowserContextOptions {
  const { session, from } = job;
  const baseURL = baseURLOf(job);
  return {
    ...plan.contextOptions,
    ...session.contextOptions,
    ...(session.proxy && { proxy: session.proxy }),
    ...(baseURL !== undefined && { baseURL }),
    ...(from && { storageState: from.playwright }),
  };
}

function baseURLOf({ session, place }: Pick<FlowJob, 'session' | 'place'>): string | undefined {
  return session.baseURL ?? place.baseURL;
}

/** So that an error that quotes one is redacted. */
async function knowCookies(context: BrowserContext, session: string, redactor: Redactor): Promise<void> {
  const cookies = await context.cookies().catch(() => []);
  for (const { name, value } of cookies) redactor.add(new SecretValue(value, `${session} cookie ${name}`));
}

/** Best effort: a page that cannot tell any more takes nothing from the error. */
async function gatherEvidence(page: Page, redactor: Redactor): Promise<Evidence> {
  const title = await page.title().catch(() => '');
  const screenshot = await page
    .screenshot({
      mask: [page.locator('input, textarea, select, [contenteditable]')],
      timeout: 5000,
      animations: 'disabled',
    })
    .then((png) => png.toString('base64'))
    .catch(() => undefined);
  return { url: redactor.redact(page.url()), title: redactor.redact(title), screenshot };
}
