import { formatTokenExpiry, isNear, tokenExpiries } from '../../core/token-expiry.js';
import { isThere } from '../terminal/maybe.js';
import { ok, warning, type Check } from './finding.js';

/** Whether a token ends soon, by the date that the sessions file declares. */
export const tokenExpiry: Check = {
  id: 'token-expiry',
  examine({ sessions, tokens, context }) {
    if (!isThere(sessions)) return [];
    return tokenExpiries(sessions.is.options, tokens.keys(), context.clock.nowMs()).map((expiry) =>
      isNear(expiry)
        ? warning(
            `${formatTokenExpiry(expiry)}.`,
            `Create a new token, set ${expiry.variable} where runs start, and change tokenExpires.`,
            'The date is that of tokenExpires in the sessions file.',
          )
        : ok(formatTokenExpiry(expiry)),
    );
  },
};
