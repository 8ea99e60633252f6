import type { Writable } from 'node:stream';
import { confirm, group, select, text } from '@clack/prompts';
import { parseSecretReference } from '../../core/secret-reference.js';
import { sessionNamePattern } from '../../core/validate-declaration.js';
import type { InitAnswers } from './answers.js';

/** Asks a person at a terminal, with the answers so far as what Enter says. `undefined` when the questions are left. */
export async function askQuestions(given: InitAnswers, output: Writable): Promise<InitAnswers | undefined> {
  const answered = await group(
    {
      sessions: () =>
        text({
          output,
          message: 'Who is there to sign in? Names, parted by commas',
          initialValue: given.sessions.join(', '),
          validate: (value) =>
            namesOf(value).length === 0 ? 'One name at least' : whyNoSessions(namesOf(value)),
        }),
      vault: () =>
        text({
          output,
          message: 'In which vault of 1Password are they?',
          initialValue: given.vault,
          validate: (value = '') => whyNoName(value.trim()),
        }),
      signInPath: () => text({ output, message: 'Where does one sign in?', initialValue: given.signInPath }),
      code: () => confirm({ output, message: 'Does it ask for a one-time code?', initialValue: given.code }),
      ci: () =>
        select({
          output,
          message: 'How does GitHub Actions ask 1Password?',
          initialValue: given.ci,
          options: [
            { value: 'token', label: "With a service account's token" },
            { value: 'workload', label: "With the job's own identity", hint: 'no token is kept' },
            { value: 'none', label: 'Write no workflow' },
          ] satisfies { value: InitAnswers['ci']; label: string; hint?: string }[],
        }),
    },
    { onCancel: leave },
  ).catch((error: unknown) => {
    if (error === questionsLeft) return undefined;
    throw error;
  });
  if (!answered) return undefined;
  const { sessions, vault, signInPath, code, ci } = answered;
  return { ...given, sessions: namesOf(sessions), vault: vault.trim(), signInPath, code, ci };
}

/** What is wrong with the first name that no session can have. */
export function whyNoSessions(names: readonly string[]): string | undefined {
  const wrong = names.find((name) => !sessionNamePattern.test(name));
  return wrong === undefined
    ? undefined
    : `"${wrong}" is no name for a session: letters, digits, "-", "_" and ".", a letter first`;
}

/** Part of secret references, which not every name can be. */
function whyNoName(name: string): string | undefined {
  try {
    parseSecretReference(`op://${name}/item/username`, {});
    return undefined;
  } catch {
    return name === ''
      ? 'It needs a name'
      : `"${name}" cannot be part of a secret reference: name it by its ID`;
  }
}

/** clack would go on to the next question. */
function leave(): never {
  throw questionsLeft;
}

const questionsLeft = new Error('the questions were left');

export async function askToWrite(output: Writable): Promise<boolean> {
  return (await confirm({ output, message: 'Write this?' })) === true;
}

/** Each once: an object that has a name twice does not compile. */
export function namesOf(text: string | undefined): string[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}
