import { InvalidArgumentError } from 'commander';
import { connectionNamePattern } from '../../core/vault-connection.js';
import { usageError } from '../terminal/usage-error.js';
import { ciSystems, defaultAnswers, usualCi, type CiSystem, type InitAnswers } from './answers.js';
import { addressOf, namesOf, whyNoAccount, whyNoAddress, whyNoSessions } from './typed-names.js';
import { findSessions } from './find-sessions.js';
import type { SurveyedSuite } from './survey-suite.js';

type Connections = NonNullable<InitAnswers['connections']>;

export interface InitOptions {
  readonly config?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly session?: readonly string[];
  readonly inVault?: string;
  readonly local?: boolean;
  readonly desktopAccount?: string;
  /** Sessions with their connections. */
  readonly connection?: Connections;
  readonly baseUrl?: string;
  readonly signInPath?: string;
  readonly code?: boolean;
  readonly ci?: InitAnswers['ci'];
  readonly shards?: number;
  readonly os?: InitAnswers['systems'];
  readonly agents?: boolean;
  /** Whether a setup project becomes flows. [in a new project, or if a person says so] */
  readonly move?: boolean;
  /** `true`: the vault of the references. */
  readonly vault?: string | true;
  readonly json?: boolean;
}

/** A project that is already set up gets a workflow only on request. */
export function answersOf(options: InitOptions, suite: SurveyedSuite): InitAnswers {
  const { inVault, baseUrl, signInPath, code, ci, shards, os, agents } = options;
  const isNew = findSessions(suite).state === 'missing';
  checkOptions(options, isNew);
  const source = options.local ? 'local' : ci === 'workload' ? 'environment' : 'vault';
  return {
    sessions: sessionsOf(options),
    source,
    vault: inVault ?? defaultAnswers.vault,
    desktopAccount: options.desktopAccount?.trim(),
    connections: options.connection,
    baseURL: addressOf(baseUrl),
    signInPath: signInPath ?? defaultAnswers.signInPath,
    code: code ?? defaultAnswers.code,
    ci: ci ?? (isNew ? usualCi(source) : 'none'),
    shards: shards ?? defaultAnswers.shards,
    systems: os ?? defaultAnswers.systems,
    agents: agents ?? defaultAnswers.agents,
  };
}

/** Those of `--session`, and those that `--connection` names. */
function sessionsOf({ session = [], connection }: InitOptions): readonly string[] {
  const names = [...new Set([...session, ...(connection?.keys() ?? [])])];
  return names.length > 0 ? names : defaultAnswers.sessions;
}

function checkOptions(options: InitOptions, isNew: boolean): void {
  const wrongNames = whyNoSessions(sessionsOf(options));
  if (wrongNames !== undefined) throw usageError(`${wrongNames}.`, 'Choose other names with --session.');
  const wrongAddress = whyNoAddress(options.baseUrl ?? '');
  if (wrongAddress !== undefined)
    throw usageError('The address of --base-url cannot be used.', `${wrongAddress}.`);
  const wrongAccount = whyNoAccount(options.desktopAccount ?? 'none');
  if (wrongAccount !== undefined)
    throw usageError('The name of --desktop-account cannot be used.', `${wrongAccount}.`);
  const { local, ci = 'none', desktopAccount, connection } = options;
  if (local && (ci !== 'none' || desktopAccount !== undefined))
    throw usageError(
      `With --local, nothing is read from 1Password.`,
      `Leave out --local, or ${ci === 'none' ? '--desktop-account' : `--ci ${ci}`}.`,
    );
  if (connection && !isNew)
    throw usageError(
      'This project has its sessions already.',
      'Add the connection to the sessions file: see docs/vaults.md of this package.',
      '--connection declares those of a new project.',
    );
}

/** A setup project that is moved has its own sessions. */
export function checkConnections({ sessions, connections }: InitAnswers): void {
  const lost = [...(connections?.keys() ?? [])].find((name) => !sessions.includes(name));
  if (lost !== undefined)
    throw usageError(
      `--connection names the session "${lost}", which will not be declared.`,
      'Name one of these in its place.',
      `The sessions are ${sessions.join(', ')}.`,
    );
}

/** `staging=ada,bob`, added to those of the options before it. */
export function connectionsOption(text: string, before: Connections = new Map()): Connections {
  const [, connection = '', list] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const sessions = namesOf(list);
  if (sessions.length === 0)
    throw new InvalidArgumentError('Use a name and its sessions: staging=admin,customer.');
  if (!connectionNamePattern.test(connection))
    throw new InvalidArgumentError(
      `"${connection}" is no name of a connection: small letters and digits, a letter first, with single hyphens.`,
    );
  const taken = sessions.find((session) => before.has(session));
  if (taken !== undefined) throw new InvalidArgumentError(`"${taken}" is in two connections.`);
  return new Map([...before, ...sessions.map((session) => [session, connection] as const)]);
}

/** The systems of `--os`, in the given order. */
export function systemsOf(text: string): readonly CiSystem[] {
  const names = namesOf(text);
  const systems = names.flatMap((name) => ciSystems.filter((system) => system === name));
  if (names.length > 0 && systems.length === names.length) return systems;
  throw new InvalidArgumentError(`Use ${ciSystems.join(', ')}, separated by commas.`);
}

export function wholeNumber(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Use a whole number from 1 to 99.');
}
