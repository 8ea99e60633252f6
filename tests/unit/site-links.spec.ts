import { expect, test } from '@playwright/test';
import { anchorOf } from '../../docs/.vitepress/pages.js';
import { siteLink } from '../../docs/.vitepress/repository-links.js';

const host = 'https://code.example/acme/shop';

test('a link to a page of the repository leads to that page of the site, anchor included', () => {
  expect(siteLink('docs/options.md', 'README.md', host)).toBe('/options.md');
  expect(siteLink('../README.md#limits', 'docs/recipes.md', host)).toBe('/overview.md#limits');
  expect(siteLink('errors.md#err_usage', 'docs/options.md', host)).toBe('/errors.md#err_usage');
  expect(siteLink('SECURITY.md', 'README.md', host)).toBe('/security.md');
});

test('a link to a picture leads to its copy on the site', () => {
  expect(siteLink('docs/pictures/allure.png', 'README.md', undefined)).toBe('/pictures/allure.png');
});

test('a link to another file leads to the host of the repository, and is no link where none is named', () => {
  expect(siteLink('LICENSE', 'README.md', host)).toBe(`${host}/blob/main/LICENSE`);
  expect(siteLink('../auth-flows/', 'docs/recipes.md', host)).toBe(`${host}/tree/main/auth-flows`);
  expect(siteLink('LICENSE', 'README.md', undefined)).toBeUndefined();
});

test('a link to another host, or within its page, stays', () => {
  for (const link of ['https://playwright.dev/docs/auth#basic', 'mailto:security@shop.example', '#reports'])
    expect(siteLink(link, 'README.md', host)).toBe(link);
});

test('a link to what is not in the repository is an error that names both', () => {
  expect(() => siteLink('docs/nothing.md', 'README.md', host)).toThrow(/^README\.md .*docs\/nothing\.md/);
  expect(() => siteLink('../../elsewhere', 'docs/recipes.md', host)).toThrow(/elsewhere/);
});

test('anchors are those of GitHub', () => {
  expect(anchorOf('ERR_VAULT_DENIED')).toBe('err_vault_denied');
  expect(anchorOf('CI with `shards`, on GitHub')).toBe('ci-with-shards-on-github');
});
