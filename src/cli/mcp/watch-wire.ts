import type { BrowserContext, Response } from '@playwright/test';
import { knowState } from '../../flow/flow-evidence.js';
import { within } from '../../time/within.js';
import { credentialWords } from '../../redaction/credential-words.js';
import type { Redactor } from '../../redaction/redactor.js';
import { SecretValue } from '../../core/secret-value.js';

/** Learns the credentials in requests, including those no longer or never in storage. */
export interface WireWatch {
  watch(context: BrowserContext): void;
  /** Resolves when everything received so far is registered. */
  settled(): Promise<void>;
}

export function createWireWatch({ session, redactor }: { session: string; redactor: Redactor }): WireWatch {
  const pending = new Set<Promise<unknown>>();

  async function learn(response: Response): Promise<void> {
    for (const header of await response.headerValues('set-cookie')) {
      const [, name, value] = /^\s*([^=;]*)=([^;]*)/.exec(header) ?? [];
      if (name !== undefined && value !== undefined)
        knowCookie(name.trim(), value.trim(), { session, redactor });
    }
  }

  return {
    watch(context) {
      context.on('request', (request) => {
        for (const [name, value] of Object.entries(request.headers()))
          if (credentialHeader.test(name))
            for (const word of credentialWords(value, 'token'))
              redactor.add(new SecretValue(word, `${session} header ${name}`));
      });
      context.on('response', (response) => {
        const learning = within(patienceMs, learn(response)).finally(() => pending.delete(learning));
        pending.add(learning);
      });
    },
    async settled() {
      await Promise.all(pending);
    },
  };
}

/** Registers a cookie as if it were in a state. */
function knowCookie(
  name: string,
  value: string,
  { session, redactor }: { session: string; redactor: Redactor },
): void {
  const cookie = { name, value, domain: '', path: '/', expires: -1, httpOnly: true, secure: true } as const;
  const cookies = [{ ...cookie, sameSite: 'Lax' as const }];
  knowState({ playwright: { cookies, origins: [] }, sessionStorage: [] }, session, redactor);
}

const credentialHeader = /^(?:proxy-)?authorization$|token|api-?key|csrf|xsrf|session/i;
const patienceMs = 1500;
