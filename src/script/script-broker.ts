import path from 'node:path';
import { findSuite, type FoundSuite } from '../cli/suite/find-suite.js';
import { isSwitchedOn } from '../core/is-switched-on.js';
import { accessLogs, reportsFolder } from '../core/report-files.js';
import { requireVariables } from '../core/require-variables.js';
import { confineSecretsOf, withConfinedSecrets } from '../credentials/confined-secrets.js';
import { quietLogs } from '../credentials/quiet-logs.js';
import { superviseBroker } from '../run/supervise-broker.js';
import { askBroker, brokerVariable } from '../wire/ask-broker.js';
import type { BrokerRequests } from '../wire/messages.js';
import { runRedactor } from '../wire/process-memory.js';
import { registerAt } from '../wire/register-at.js';
import { redactOutput } from '../wire/redact-output.js';

/** A broker as a script sees it. */
export interface ScriptBroker {
  ask<Path extends keyof BrokerRequests>(
    path: Path,
    message: BrokerRequests[Path]['request'],
  ): Promise<BrokerRequests[Path]['answer']>;
  /** Ends the broker if this script started it. */
  end(): Promise<void>;
}

/** The broker of the Playwright run that this process is a part of, if it is one. */
export function joinBroker(env: NodeJS.ProcessEnv): ScriptBroker | undefined {
  const handleFile = env[brokerVariable];
  if (handleFile === undefined) return undefined;
  const stopRedacting = redactOutput(process, runRedactor);
  return {
    ask: (route, message) => askBroker(route, message, { handleFile, hasRunner: () => true }),
    async end() {
      stopRedacting();
      return Promise.resolve();
    },
  };
}

export interface StartBrokerOptions {
  readonly config?: string;
  readonly project?: string;
  readonly baseURL?: string;
  readonly signal?: AbortSignal;
}

/** Reads the suite's Playwright config, and starts a broker like a run does. */
export async function startBroker(options: StartBrokerOptions): Promise<ScriptBroker> {
  quietLogs(process);
  const stopRedacting = redactOutput(process, runRedactor);
  try {
    const suite = await readSuite(options);
    requireVariables(suite.unset);
    registerAt.suiteRead(suite.declared, Date.now());
    const broker = await superviseBroker({
      sessionsFile: suite.sessionsFile,
      suiteFolder: suite.folder,
      ...suite.secrets,
      accessFile: path.join(suite.folder, accessFile),
      artifactFolders: [],
      onCi: isSwitchedOn(process.env.CI),
      debugging: isSwitchedOn(process.env.PWDEBUG),
      plans: Object.fromEntries(suite.projects.map(({ name, plan }) => [name, plan])),
    });
    const { handleFile } = broker;
    let isEnding = false;
    return {
      ask: (route, message) => askBroker(route, message, { handleFile, hasRunner: () => !isEnding }),
      async end() {
        isEnding = true;
        const { summary, trouble } = await broker.stop();
        const lines = [
          ...(summary?.warnings ?? []),
          ...(trouble === undefined ? [] : [`its broker ${trouble}`]),
        ];
        for (const line of lines) process.stderr.write(`auth-sessions: ${line}\n`);
        stopRedacting();
      },
    };
  } catch (error) {
    stopRedacting();
    options.signal?.throwIfAborted();
    throw error;
  }
}

/** The vault's credential stays in memory: a process that the script starts does not inherit it. */
async function readSuite({ config, project, baseURL, signal }: StartBrokerOptions): Promise<FoundSuite> {
  confineSecretsOf(process.env);
  const env = withConfinedSecrets(process.env);
  const suite = await findSuite(
    { config, project, baseURL },
    {
      folder: process.cwd(),
      env,
      redactor: runRedactor,
      signal: signal ?? new AbortController().signal,
      progress: { during: (_label, work) => work() },
      nextWithoutConfig:
        "Start the script in the project, or name the config: openAuthSessions({ config: '/project' }).",
    },
  );
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] ??= value;
  return suite;
}

const accessFile = path.join(reportsFolder, accessLogs.ofScripts);
