import type { Site } from './site.js';

/** Back to how the site was created. */
export function resetSite(site: Site): void {
  site.sessions.reset();
  site.accounts.reset();
  site.consultations.reset();
  site.captcha = site.captchaAtStart;
}
