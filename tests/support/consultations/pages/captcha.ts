import { html } from './html.js';
import type { Page } from './layout.js';

/** What a site shows that takes its visitor for a program. There is no way past it, and none is meant. */
export function captchaPage(): Page {
  return {
    title: 'Are you there?',
    isNarrow: true,
    main: html`<section class="card">
      <h1>Prove that you are human</h1>
      <p class="lead">There were unusual requests from your network. Pick every picture with a boat on it.</p>
      <ul class="pictures" aria-label="Pictures">
        ${['Harbour', 'Hillside', 'Street', 'River', 'Meadow', 'Canal'].map((name) => html`<li>${name}</li>`)}
      </ul>
    </section>`,
  };
}
