/* global document, fetch, localStorage, sessionStorage */

showTab(sessionStorage.getItem('consultations.tab') ?? 'upcoming');
showDensity(localStorage.getItem('consultations.density') ?? 'comfortable');

for (const tab of document.querySelectorAll('[data-tab]'))
  tab.addEventListener('click', () => showTab(tab.getAttribute('data-tab') ?? 'upcoming'));

document.querySelector('[data-density-switch]')?.addEventListener('click', () => {
  const isCompact = localStorage.getItem('consultations.density') === 'compact';
  showDensity(isCompact ? 'comfortable' : 'compact');
});

void restorePreferences();

/** @param {string} name */
function showTab(name) {
  sessionStorage.setItem('consultations.tab', name);
  for (const tab of document.querySelectorAll('[data-tab]'))
    tab.setAttribute('aria-selected', String(tab.getAttribute('data-tab') === name));
  for (const panel of document.querySelectorAll('[role="tabpanel"]'))
    panel.toggleAttribute('hidden', panel.id !== `panel-${name}`);
}

/** @param {string} density */
function showDensity(density) {
  localStorage.setItem('consultations.density', density);
  document.querySelector('[data-density]')?.setAttribute('data-density', density);
  document
    .querySelector('[data-density-switch]')
    ?.setAttribute('aria-pressed', String(density === 'compact'));
}

async function restorePreferences() {
  const token = localStorage.getItem('consultations.api-token') ?? '';
  const answer = await fetch('/api/preferences', { headers: { authorization: `Bearer ${token}` } });
  const status = document.querySelector('[data-preferences]');
  if (status)
    status.textContent = answer.ok ? 'Preferences restored' : 'Preferences are not kept in this browser';
}
