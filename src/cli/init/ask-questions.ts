import type { Writable } from 'node:stream';
import { confirm, isCancel, select, text } from '@clack/prompts';
import { usualCi, type InitAnswers } from './answers.js';
import type { FoundMove } from './find-move.js';
import { addressOf, namesOf, whyNoAccount, whyNoAddress, whyNoSessions, whyNoVault } from './typed-names.js';

export interface QuestionOptions {
  readonly output: Writable;
  /** Whether the config sets no base URL. */
  readonly asksAddress: boolean;
}

/**
 * Asks at a terminal, with the given answers as defaults. Each question follows from the answers before it: nobody is
 * asked for a vault of credentials that are in none. `undefined` if the questions are cancelled.
 */
export async function askQuestions(
  given: InitAnswers,
  { output, asksAddress }: QuestionOptions,
): Promise<InitAnswers | undefined> {
  try {
    const sessions = given.moved ? given.sessions : await askSessions(given, output);
    const { kind, ...place } = await askPlace(given, output);
    const baseURL = asksAddress ? await askAddress(given, output) : given.baseURL;
    const flow = given.moved ? {} : await askFlow(given, output);
    const ci = kind === 'local' ? 'none' : await askWorkflow({ ...given, ...place }, output);
    return { ...given, ...place, ...flow, sessions, baseURL, ci };
  } catch (error) {
    if (error === questionsLeft) return undefined;
    throw error;
  }
}

async function askSessions({ sessions, connections }: InitAnswers, output: Writable) {
  const inConnections = [...(connections?.keys() ?? [])];
  const validate = (value?: string) => {
    const names = namesOf(value);
    if (names.length === 0) return 'Enter at least one name';
    const lost = inConnections.find((name) => !names.includes(name));
    return lost === undefined ? whyNoSessions(names) : `--connection names "${lost}": keep it`;
  };
  const message = 'Which accounts do you need? Names, separated by commas';
  return namesOf(await asked(text({ output, message, initialValue: sessions.join(', '), validate })));
}

type Place = Pick<InitAnswers, 'source' | 'vault' | 'desktopAccount'> & { readonly kind: PlaceKind };
type PlaceKind = 'token' | 'app' | 'environment' | 'local';

/** Where the credentials are, and what identifies that place. */
async function askPlace(given: InitAnswers, output: Writable): Promise<Place> {
  const { vault, desktopAccount } = given;
  const kind = await asked(
    select({
      output,
      message: 'Where are their credentials?',
      initialValue: placeOf(given),
      options: [
        { value: 'token', label: 'In a 1Password vault', hint: 'CI has a token, people a local file' },
        { value: 'app', label: 'In a 1Password vault; people use its app', hint: 'CI has a token' },
        {
          value: 'environment',
          label: 'In a 1Password Environment',
          hint: 'for GitHub Actions, no token to store',
        },
        { value: 'local', label: 'In a local file only', hint: 'no 1Password' },
      ] satisfies { value: PlaceKind; label: string; hint: string }[],
    }),
  );
  if (kind === 'local') return { kind, source: kind, vault, desktopAccount: undefined };
  if (kind === 'environment') return { kind, source: kind, vault, desktopAccount };
  return {
    kind,
    source: 'vault',
    desktopAccount: kind === 'app' ? await askAccount(given, output) : undefined,
    vault: await askVault(given, output),
  };
}

function placeOf({ source, desktopAccount }: InitAnswers): PlaceKind {
  if (source !== 'vault') return source;
  return desktopAccount === undefined ? 'token' : 'app';
}

async function askAccount({ desktopAccount }: InitAnswers, output: Writable): Promise<string> {
  const message = 'Which 1Password account? Its name, as the app shows it';
  const validate = (value = '') => whyNoAccount(value);
  return (await asked(text({ output, message, initialValue: desktopAccount ?? '', validate }))).trim();
}

async function askVault({ vault }: InitAnswers, output: Writable): Promise<string> {
  const message = 'Which vault has their items?';
  const validate = (value = '') => whyNoVault(value.trim());
  return (await asked(text({ output, message, initialValue: vault, validate }))).trim();
}

async function askAddress({ baseURL }: InitAnswers, output: Writable): Promise<string | undefined> {
  const message = 'What is the address of your application? Leave it empty to set it later';
  const placeholder = 'http://localhost:3000';
  const validate = (value = '') => whyNoAddress(value);
  const address = await asked(text({ output, message, placeholder, initialValue: baseURL ?? '', validate }));
  return addressOf(address) ?? baseURL;
}

async function askFlow(
  given: InitAnswers,
  output: Writable,
): Promise<Pick<InitAnswers, 'signInPath' | 'code'>> {
  const path = text({
    output,
    message: 'What is the path of your sign-in page?',
    initialValue: given.signInPath,
  });
  const signInPath = await asked(path);
  const message = 'Does the sign-in ask for a one-time code?';
  return { signInPath, code: await asked(confirm({ output, message, initialValue: given.code })) };
}

async function askWorkflow(given: InitAnswers, output: Writable): Promise<InitAnswers['ci']> {
  const { shards, systems, ci, source } = given;
  const jobs = `${shards} ${shards === 1 ? 'shard' : 'shards'} on ${systems.join(', ')}`;
  const message = `Write a GitHub Actions workflow? It has ${jobs}: --shards and --os change that`;
  return (await asked(confirm({ output, message, initialValue: ci !== 'none' }))) ? usualCi(source) : 'none';
}

/** `undefined` if the question is cancelled. */
export async function askToMove(output: Writable, { plan, source }: FoundMove): Promise<boolean | undefined> {
  const names = plan.sessions.map(({ name }) => name).join(', ');
  const message =
    names === ''
      ? 'Finish the move of your setup project? Its sessions are declared'
      : `Turn ${source ? 'the rest of ' : ''}your setup project into flows? Sessions: ${names}`;
  const answer = await confirm({ output, message });
  return isCancel(answer) ? undefined : answer;
}

export async function askToWrite(output: Writable): Promise<boolean> {
  return (await confirm({ output, message: 'Write these changes?' })) === true;
}

/** The answer. Ctrl-C leaves all questions. */
async function asked<Answer>(prompt: Promise<Answer>): Promise<Exclude<Answer, symbol>> {
  const answer = await prompt;
  if (isCancel(answer)) throw questionsLeft;
  return answer as Exclude<Answer, symbol>;
}

const questionsLeft = new Error('the questions were cancelled');
