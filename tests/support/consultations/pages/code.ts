import type { Account } from '../account.js';
import { html } from './html.js';
import type { Page } from './layout.js';
import { notice } from './notice.js';

export interface CodeForm {
  readonly account: Account;
  readonly csrfToken: string;
  readonly message?: string;
}

export function codePage({ account: { email, totp }, csrfToken, message }: CodeForm): Page {
  return {
    title: 'Enter your code',
    isNarrow: true,
    main: html`<section class="card">
      <h1>Enter your code</h1>
      <p class="lead">
        Open your authenticator app and type in the ${totp.digits} digits for <b>${email}</b>.
      </p>
      ${notice('problem', message)}
      <form method="post" action="/sign-in/code">
        <input type="hidden" name="_csrf" value="${csrfToken}" />
        <label for="code">One-time code</label>
        <input
          id="code"
          class="code"
          name="code"
          inputmode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9 ]*"
          maxlength="${totp.digits + 1}"
          title="${totp.digits} digits"
          required
          autofocus
        />
        <button>Verify</button>
      </form>
      <p class="aside"><a href="/sign-in">Use another account</a></p>
    </section>`,
  };
}
