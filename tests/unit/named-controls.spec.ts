import { expect, test } from '@playwright/test';
import { formatControls } from '../../src/flow/named-controls.js';

const asIs = (text: string) => text;

test('the names of buttons and fields are listed, without what was typed', () => {
  const snapshot = `- heading "Sign in" [level=1]
- textbox "Email": typed@shop.example
- textbox "Email": again
- textbox: unnamed
- text: button "not one"
- group:
  - button "Continue" [disabled]
  - 'button "It''s: \\"next\\""'
- link "Help"`;
  expect(formatControls(snapshot, asIs)).toBe(
    ' The page has the buttons "Continue", "It\'s: "next"" and the field "Email".',
  );
});

test('a page without buttons and fields adds nothing', () => {
  for (const snapshot of ['', '- heading "Sign in"', '- button', '- button "unended'])
    expect(formatControls(snapshot, asIs)).toBe('');
});

test('names are redacted before they are cut, and the list is bounded', () => {
  const redact = (text: string) => text.replaceAll('ada@shop.example', '[redacted:admin.username]');
  const long = `- button "${'x'.repeat(50)} ada@shop.example"`;
  expect(formatControls(long, redact)).toBe(` The page has the button "${'x'.repeat(50)} [redacted…".`);
  const many = Array.from({ length: 12 }, (_, index) => `- button "b${index}"`).join('\n');
  expect(formatControls(many, asIs)).toMatch(/^ The page has the buttons "b0", .*"b9" and 2 more\.$/);
});
