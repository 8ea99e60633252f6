import { html } from './html.js';
import type { Page } from './layout.js';

export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly advice: string;
}

export function problemPage({ status, title, advice }: Problem): Page {
  return {
    title,
    isNarrow: true,
    main: html`<section class="card problem-page">
      <p class="status" aria-hidden="true">${status}</p>
      <h1>${title}</h1>
      <p class="lead">${advice}</p>
      <p><a class="button" href="/">To the dashboard</a></p>
    </section>`,
  };
}
