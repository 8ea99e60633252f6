import { expect, test } from '@playwright/test';
import {
  formatAnnotation,
  parseAnnotation,
  type SessionAnnotation,
} from '../../src/core/session-annotation.js';

const annotations: readonly (readonly [SessionAnnotation, string])[] = [
  [{ session: 'admin', outcome: 'restored' }, 'admin (restored)'],
  [{ session: 'admin (staging)', outcome: 'memory' }, 'admin (staging) (memory)'],
  [
    { session: 'admin', outcome: 'failed', errorCode: 'ERR_CREDENTIALS_REJECTED' },
    'admin (failed: ERR_CREDENTIALS_REJECTED)',
  ],
];

for (const [annotation, text] of annotations)
  test(`writes and reads "${text}"`, () => {
    expect(formatAnnotation(annotation)).toBe(text);
    expect(parseAnnotation(text)).toEqual(annotation);
  });

test('reads no other text', () => {
  for (const text of ['', 'admin', 'admin was seen signed out', 'admin (lost)', '(restored)'])
    expect(parseAnnotation(text)).toBeUndefined();
});
