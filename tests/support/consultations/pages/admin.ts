import type { Account } from '../account.js';
import type { Consultation } from '../consultation.js';
import { formatDay } from '../format-day.js';
import { splitConsultations } from '../split-consultations.js';
import { html, type Html } from './html.js';
import type { Page } from './layout.js';

export interface AdminView {
  readonly consultations: readonly Consultation[];
  readonly accounts: readonly AdminAccount[];
  readonly nowMs: number;
}

export interface AdminAccount {
  readonly account: Account;
  readonly sessions: number;
  readonly isLocked: boolean;
}

export function adminPage({ consultations, accounts, nowMs }: AdminView): Page {
  const { upcoming } = splitConsultations(consultations, nowMs);
  const names = new Map(accounts.map(({ account }) => [account.email, account.name]));
  return {
    title: 'Admin',
    main: html`<div class="title"><h1>Administration</h1></div>
      <dl class="figures">
        ${figure('Consultations', consultations.length)} ${figure('Still to come', upcoming.length)}
        ${figure('Accounts', accounts.length)}
        ${figure(
          'Signed in now',
          accounts.reduce((sum, { sessions }) => sum + sessions, 0),
        )}
      </dl>
      <section class="card" aria-labelledby="all-consultations">
        <h2 id="all-consultations">All consultations</h2>
        <table>
          <thead>
            <tr>
              <th>When</th>
              <th>Client</th>
              <th>Topic</th>
              <th>Adviser</th>
              <th>Status</th>
            </tr>
          </thead>
          <tbody>
            ${consultations.map((consultation) => consultationRow(consultation, names))}
          </tbody>
        </table>
      </section>
      <section class="card" aria-labelledby="accounts">
        <h2 id="accounts">Accounts</h2>
        <table>
          <thead>
            <tr>
              <th>Name</th>
              <th>Email</th>
              <th>Role</th>
              <th>Sessions</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            ${accounts.map(accountRow)}
          </tbody>
        </table>
      </section>`,
  };
}

function figure(name: string, value: number): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function consultationRow(consultation: Consultation, names: ReadonlyMap<string, string>): Html {
  const { email, topic, adviser, startsAt, status } = consultation;
  const { day, month, time } = formatDay(startsAt);
  return html`<tr>
    <td data-label="When">${day} ${month}, ${time}</td>
    <td data-label="Client">${names.get(email) ?? email}</td>
    <td data-label="Topic">${topic}</td>
    <td data-label="Adviser">${adviser}</td>
    <td data-label="Status">${status === 'booked' ? 'Booked' : html`<span class="tag">Cancelled</span>`}</td>
  </tr>`;
}

function accountRow({ account: { name, email, role }, sessions, isLocked }: AdminAccount): Html {
  return html`<tr>
    <td data-label="Name">${name}</td>
    <td data-label="Email">${email}</td>
    <td data-label="Role">${role}</td>
    <td data-label="Sessions">${sessions}</td>
    <td data-label="State">${isLocked ? html`<span class="tag">Locked</span>` : 'Active'}</td>
  </tr>`;
}
