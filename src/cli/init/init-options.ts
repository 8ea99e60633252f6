import { InvalidArgumentError } from 'commander';
import { ciSystems, defaultAnswers, type CiSystem, type InitAnswers } from './answers.js';
import { addressOf, namesOf } from './ask-questions.js';
import { findSessions } from './find-sessions.js';
import type { SurveyedSuite } from './survey-suite.js';

export interface InitOptions {
  readonly config?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly session?: readonly string[];
  readonly inVault?: string;
  readonly baseUrl?: string;
  readonly signInPath?: string;
  readonly code?: boolean;
  readonly ci?: InitAnswers['ci'];
  readonly shards?: number;
  readonly os?: InitAnswers['systems'];
  readonly agents?: boolean;
  /** Whether a setup project becomes flows. [true] */
  readonly move?: boolean;
  /** `true`: the vault of the references. */
  readonly vault?: string | true;
  readonly json?: boolean;
}

/** A project that is already set up gets a workflow only on request. */
export function answersOf(
  { session, inVault, baseUrl, signInPath, code, ci, shards, os, agents }: InitOptions,
  suite: SurveyedSuite,
): InitAnswers {
  const usualCi = findSessions(suite).state === 'missing' ? defaultAnswers.ci : 'none';
  return {
    sessions: session !== undefined && session.length > 0 ? session : defaultAnswers.sessions,
    vault: inVault ?? defaultAnswers.vault,
    baseURL: addressOf(baseUrl),
    signInPath: signInPath ?? defaultAnswers.signInPath,
    code: code ?? defaultAnswers.code,
    ci: ci ?? usualCi,
    shards: shards ?? defaultAnswers.shards,
    systems: os ?? defaultAnswers.systems,
    agents: agents ?? defaultAnswers.agents,
  };
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
