import { expect, test } from '@playwright/test';
import { SecretValue } from '../../src/core/secret-value.js';
import type { RunSummary } from '../../src/core/session-event.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { redactTitles } from '../../src/run/redact-titles.js';

test('a title that holds a known value is redacted in the summary of the run', () => {
  const redactor = createRedactor();
  redactor.add(new SecretValue('Orchid-7-lantern', 'admin.password'));
  const use = { session: 'admin', outcome: 'restored', test: 'signs in with Orchid-7-lantern' };
  const summary = { environment: 'local', uses: [use, { ...use, test: 'books' }] } as unknown as RunSummary;
  expect(redactTitles(summary, redactor)).toEqual({
    environment: 'local',
    uses: [
      { ...use, test: 'signs in with [redacted:admin.password]' },
      { ...use, test: 'books' },
    ],
  });
});
