import type { Account } from '../account.js';
import type { Consultation } from '../consultation.js';
import { splitConsultations } from '../split-consultations.js';
import { consultationList } from './consultation-list.js';
import { html, type Html } from './html.js';
import type { Page } from './layout.js';

export interface DashboardView {
  readonly account: Account;
  readonly consultations: readonly Consultation[];
  readonly nowMs: number;
  /** What an administrator sees of the others. */
  readonly everybody: { readonly consultations: number; readonly accounts: number };
}

export function dashboardPage({ account, consultations, nowMs, everybody }: DashboardView): Page {
  const { upcoming, earlier } = splitConsultations(consultations, nowMs);
  return {
    title: 'Dashboard',
    scripts: ['dashboard.js'],
    main: html`<div class="title">
        <div>
          <h1>Hello, ${account.name.split(' ', 1)[0]}</h1>
          <p class="lead">${summary(upcoming.length)}</p>
        </div>
        <a class="button" href="/consultations#book">Book a consultation</a>
      </div>
      ${account.role === 'admin' && adminCard(everybody)}
      <section class="card" data-density="comfortable">
        <div class="tools">
          <div role="tablist" aria-label="Your consultations">
            ${tab('upcoming', 'Upcoming', upcoming.length)} ${tab('earlier', 'Earlier', earlier.length)}
          </div>
          <button class="quiet" type="button" aria-pressed="false" data-density-switch>Compact rows</button>
        </div>
        <div role="tabpanel" id="panel-upcoming" aria-labelledby="tab-upcoming">
          ${consultationList(upcoming, {
            empty: html`Nothing is booked. <a href="/consultations#book">Find a time</a> that suits you.`,
          })}
        </div>
        <div role="tabpanel" id="panel-earlier" aria-labelledby="tab-earlier">
          ${consultationList(earlier, { empty: html`What is over or cancelled will be listed here.` })}
        </div>
      </section>
      <p class="preferences" role="status" data-preferences></p>`,
  };
}

function summary(count: number): string {
  if (count === 0) return 'You have no consultations ahead.';
  return count === 1 ? 'You have one consultation ahead.' : `You have ${count} consultations ahead.`;
}

function tab(name: string, label: string, count: number): Html {
  return html`<button
    type="button"
    role="tab"
    id="tab-${name}"
    aria-controls="panel-${name}"
    data-tab="${name}"
  >
    ${label} <span class="count">${count}</span>
  </button>`;
}

function adminCard({ consultations, accounts }: DashboardView['everybody']): Html {
  return html`<section class="card admin-card">
    <div>
      <h2>Administration</h2>
      <p>${consultations} consultations of ${accounts} accounts.</p>
    </div>
    <a class="button quiet" href="/admin">See everything</a>
  </section>`;
}
