import { html } from './html.js';
import type { Page } from './layout.js';
import { notice } from './notice.js';

export interface SignInForm {
  readonly next: string;
  readonly csrfToken: string;
  readonly email?: string;
  readonly message?: string;
}

export function signInPage({ next, csrfToken, email = '', message }: SignInForm): Page {
  return {
    title: 'Sign in',
    isNarrow: true,
    main: html`<section class="card">
      <h1>Welcome back</h1>
      <p class="lead">Sign in to see, book and cancel your consultations.</p>
      ${notice('problem', message)}
      <form method="post" action="/sign-in">
        <input type="hidden" name="_csrf" value="${csrfToken}" />
        <input type="hidden" name="next" value="${next}" />
        <label for="email">Email</label>
        <input
          id="email"
          name="email"
          type="email"
          value="${email}"
          autocomplete="username"
          required
          ${email === '' && html`autofocus`}
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          ${email !== '' && html`autofocus`}
        />
        <button>Continue</button>
      </form>
      <p class="aside">Next, we ask for a code from your authenticator app.</p>
    </section>`,
  };
}
