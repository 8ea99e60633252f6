import type { CreateTools } from '../core/auth-flow.js';
import { AuthSessionsError } from '../core/errors.js';
import type { AskPerson, FlowJob } from '../core/ports.js';
import { SecretValue } from '../core/secret-value.js';
import type { Redactor } from '../redaction/redactor.js';
import type { Deadline } from '../time/deadline.js';
import { untilAborted } from '../time/until-aborted.js';

export interface AskPersonOptions {
  readonly deadline: Deadline;
  readonly redactor: Pick<Redactor, 'add' | 'redact'>;
  /** `undefined` without a terminal. */
  readonly askPerson: AskPerson | undefined;
}

/** Asks a person for a code. The flow's time limit pauses meanwhile, and the code is registered first. */
export function createPerson(
  { session: { name }, mayGoOn }: Pick<FlowJob, 'session' | 'mayGoOn'>,
  { deadline, redactor, askPerson }: AskPersonOptions,
): CreateTools['person'] {
  return {
    code: (question) =>
      deadline.pause(async () => {
        const shown = redactor.redact(question);
        if (!askPerson) throw humanNeeded(name, shown);
        const { signal } = deadline;
        const answer = await untilAborted(signal, askPerson({ session: name, question: shown, signal }));
        const code = answer.trim();
        if (code === '') throw humanNeeded(name, shown);
        redactor.add(new SecretValue(code, `${name}.personCode`, { kind: 'code' }));
        mayGoOn?.();
        return code;
      }),
  };
}

function humanNeeded(session: string, question: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_HUMAN_NEEDED',
    {
      failed: `Session "${session}": its sign-in needs a code that only a person has.`,
      known: `Its flow asks: "${question}".`,
      next: `Run at a terminal: npx playwright-auth-sessions create ${session} --headed`,
    },
    { session },
  );
}
