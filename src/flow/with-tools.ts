import type { Page } from '@playwright/test';
import type { CreateTools } from '../core/auth-flow.js';
import type { AskPerson, Clock, FlowJob, SignInCredentials } from '../core/ports.js';
import { withMailbox } from '../mail/with-mailbox.js';
import type { Redactor } from '../redaction/redactor.js';
import type { Deadline } from '../time/deadline.js';
import { createPerson } from './ask-person.js';
import { createTools } from './flow-tools.js';

export interface WithToolsOptions {
  readonly deadline: Deadline;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly askPerson?: AskPerson | undefined;
}

/** Runs `create` of a flow with its tools. The session's mailbox is open meanwhile. */
export async function withTools<Result>(
  job: FlowJob & SignInCredentials,
  page: Page,
  {
    options,
    create,
  }: { readonly options: WithToolsOptions; readonly create: (tools: CreateTools<string>) => Promise<Result> },
): Promise<Result> {
  const { deadline, redactor, clock, askPerson } = options;
  const person = createPerson(job, { deadline, redactor, askPerson });
  return withMailbox(job, { deadline, redactor, clock }, (mailbox) =>
    create({ ...createTools(job, page, deadline), mailbox, person }),
  );
}
