import { expect, test } from '@playwright/test';
import { checkArguments } from '../../src/cli/mcp/check-arguments.js';
import type { ArgumentRule } from '../../src/cli/mcp/tool-decisions.js';

const baseURL = 'https://shop.example/app';

function check(rule: ArgumentRule, value: unknown): unknown {
  const checked = checkArguments({ offered: true, takes: { it: rule } }, { it: value }, baseURL);
  return 'good' in checked ? checked.good.it : 'refused';
}

test('lets pass addresses of the web and of the application', () => {
  expect(check('address', 'https://other.example/x')).toBe('https://other.example/x');
  expect(check('address', '/orders?page=2')).toBe('https://shop.example/orders?page=2');
  expect(check('address', 'other.example/x')).toBe('https://other.example/x');
  expect(check('address', 'localhost:3000/x')).toBe('http://localhost:3000/x');
  expect(check('address', 'about:blank')).toBe('about:blank');
});

test('refuses every address that is none of the web', () => {
  for (const address of [
    'javascript:document.title=document.cookie',
    ' java\nscript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'file:///etc/passwd',
    'data:text/html,<script>1</script>',
    'view-source:https://shop.example',
    'chrome://settings',
    'about:memory',
    'blob:https://shop.example/1',
    'devtools://devtools/bundled/inspector.html',
    7,
  ])
    expect(check('address', address), String(address)).toBe('refused');
});

test('takes elements of a snapshot and no selectors', () => {
  expect(check('element', 'e12')).toBe('e12');
  expect(check('element', 'f1e3')).toBe('f1e3');
  for (const target of ['input[value^="a"]', 'text=a', 'e1 >> css=b', '', 3])
    expect(check('element', target), String(target)).toBe('refused');
  expect(check('fields', [{ target: 'e1', value: 'a' }])).toEqual([{ target: 'e1', value: 'a' }]);
  for (const fields of [[{ target: 'e1' }, { target: '#b' }], [{}], 'e1', [null]])
    expect(check('fields', fields)).toBe('refused');
});

test('refuses the keys that copy, cut, paste and mark', () => {
  for (const key of ['Enter', 'a', 'c', 'Shift+A', 'Control+a', 'ArrowLeft', '+'])
    expect(check('key', key), key).toBe(key);
  for (const key of [
    'Control+c',
    'Meta+KeyV',
    'ControlOrMeta+X',
    'Control+Shift+V',
    'Control+Insert',
    'Shift+Insert',
    'Shift+ArrowRight',
    'Control+Shift+End',
    'Copy',
  ])
    expect(check('key', key), key).toBe('refused');
});

test('takes the buttons of a mouse but the middle one, which pastes what is marked', () => {
  expect([check('button', 'left'), check('button', 'right')]).toEqual(['left', 'right']);
  for (const button of ['middle', '', 1]) expect(check('button', button), String(button)).toBe('refused');
});

test('refuses an argument that the tool does not take here', () => {
  const tool = { offered: true, takes: { url: 'address' } } as const;
  expect(checkArguments(tool, { filename: 'a.md' }, baseURL)).toEqual({
    refused: 'The argument "filename" is not supported.',
  });
  expect(checkArguments(tool, { constructor: 'a' }, baseURL)).toHaveProperty('refused');
  expect(checkArguments(tool, { _meta: { cwd: '/' } }, baseURL)).toHaveProperty('refused');
});
