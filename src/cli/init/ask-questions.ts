import type { Writable } from 'node:stream';
import { confirm, group, select, text } from '@clack/prompts';
import { parseSecretReference } from '../../core/secret-reference.js';
import { sessionNamePattern } from '../../core/validate-declaration.js';
import { withScheme } from '../suite/page-address.js';
import { keyPart, type InitAnswers } from './answers.js';

/** Asks at a terminal, with the given answers as defaults. `undefined` if the questions are cancelled. */
export async function askQuestions(
  given: InitAnswers,
  { output, asksAddress }: { readonly output: Writable; readonly asksAddress: boolean },
): Promise<InitAnswers | undefined> {
  const answered = await group(
    {
      sessions: () =>
        given.moved
          ? Promise.resolve(given.sessions.join(','))
          : text({
              output,
              message: 'Which accounts do you need? Names, separated by commas',
              initialValue: given.sessions.join(', '),
              validate: (value) =>
                namesOf(value).length === 0 ? 'Enter at least one name' : whyNoSessions(namesOf(value)),
            }),
      vault: () =>
        text({
          output,
          message: 'Which 1Password vault has their credentials?',
          initialValue: given.vault,
          validate: (value = '') => whyNoName(value.trim()),
        }),
      baseURL: () =>
        asksAddress
          ? text({
              output,
              message: 'What is the address of your application? Leave it empty to set it later',
              placeholder: 'http://localhost:3000',
              initialValue: given.baseURL ?? '',
              validate: (value) => whyNoAddress(value ?? ''),
            })
          : Promise.resolve(''),
      signInPath: () =>
        given.moved
          ? Promise.resolve(given.signInPath)
          : text({
              output,
              message: 'What is the path of your sign-in page?',
              initialValue: given.signInPath,
            }),
      code: () =>
        given.moved
          ? Promise.resolve(given.code)
          : confirm({
              output,
              message: 'Does the sign-in ask for a one-time code?',
              initialValue: given.code,
            }),
      ci: () =>
        select({
          output,
          message: 'How does GitHub Actions sign in to 1Password?',
          initialValue: given.ci,
          options: [
            { value: 'token', label: 'With a service account token' },
            { value: 'workload', label: "With the job's identity", hint: 'no token to store' },
            { value: 'none', label: 'No workflow' },
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
  const baseURL = addressOf(answered.baseURL) ?? given.baseURL;
  return { ...given, sessions: namesOf(sessions), vault: vault.trim(), baseURL, signInPath, code, ci };
}

/** The problem with the first invalid session name, or with two whose credentials would have the same keys. */
export function whyNoSessions(names: readonly string[]): string | undefined {
  const wrong = names.find((name) => !sessionNamePattern.test(name));
  if (wrong !== undefined)
    return `"${wrong}" is not a session name: letters, digits, "-", "_" and ".", a letter first`;
  const second = names.find((name, index) => firstAlike(name, names) < index);
  return second === undefined
    ? undefined
    : `"${names[firstAlike(second, names)]}" and "${second}" have the same keys for their credentials, which leave out case and punctuation`;
}

function firstAlike(name: string, names: readonly string[]): number {
  return names.findIndex((one) => keyPart(one) === keyPart(name));
}

/** The problem with an application's address. It goes into the config, so it has no password. */
export function whyNoAddress(text: string): string | undefined {
  const address = addressOf(text);
  if (address === undefined) return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  return isWeb && url.username === '' && url.password === ''
    ? undefined
    : 'Write it in full, as in http://localhost:3000, without a user';
}

/** A host with a port has no scheme. `undefined` if it is empty. */
export function addressOf(text: string | undefined): string | undefined {
  const typed = text?.trim() ?? '';
  return typed === '' ? undefined : withScheme(typed);
}

/** Secret references do not allow every name. */
function whyNoName(name: string): string | undefined {
  try {
    parseSecretReference(`op://${name}/item/username`, {});
    return undefined;
  } catch {
    return name === '' ? 'Enter a name' : `"${name}" cannot be part of a secret reference: use its ID`;
  }
}

/** Otherwise clack would continue with the next question. */
function leave(): never {
  throw questionsLeft;
}

const questionsLeft = new Error('the questions were cancelled');

export async function askToMove(output: Writable, names: readonly string[]): Promise<boolean> {
  const message = `Turn your setup project into flows? Sessions: ${names.join(', ')}`;
  return (await confirm({ output, message })) === true;
}

export async function askToWrite(output: Writable): Promise<boolean> {
  return (await confirm({ output, message: 'Write these changes?' })) === true;
}

/** Without duplicates: an object with a duplicate key does not compile. */
export function namesOf(text: string | undefined): string[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}
