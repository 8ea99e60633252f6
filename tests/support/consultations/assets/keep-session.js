/* global document, Element, localStorage, sessionStorage */

/*
 * Runs before the page is shown: whoever sees the button "Sign out" finds the storages filled.
 * The server hands the token out once, on the first page of a new sign-in.
 */
const token = document.querySelector('meta[name="api-token"]')?.getAttribute('content');
if (token) {
  localStorage.setItem('consultations.api-token', token);
  localStorage.setItem(
    'consultations.density',
    localStorage.getItem('consultations.density') ?? 'comfortable',
  );
  sessionStorage.setItem('consultations.tab', 'upcoming');
}

document.addEventListener('submit', (event) => {
  if (!(event.target instanceof Element) || !event.target.matches('[data-sign-out]')) return;
  localStorage.clear();
  sessionStorage.clear();
});
