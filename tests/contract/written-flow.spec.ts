import { createRequire } from 'node:module';
import { expect, test, type Page } from '@playwright/test';
import { CredentialsRejectedError, defineAuthFlow } from '../../fixtures/index.js';
import { defaultAnswers } from '../../src/cli/init/answers.js';
import { flowText } from '../../src/cli/init/flow-text.js';

const credentials = { username: 'ada@shop.example', password: 'correct horse' };

test('the flow that init writes signs in accounts with and without a code', async ({ page }) => {
  const codes: string[] = [];
  const totp = () => {
    codes.push('123456');
    return Promise.resolve('123456');
  };
  for (const [account, asked] of [
    ['plain', 0],
    ['guarded', 1],
  ] as const) {
    await openSite(page, account);
    await createWith({ page, totp });
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
    expect(codes).toHaveLength(asked);
  }
});

test('the flow that init writes reports a rejected password and a rejected code', async ({ page }) => {
  for (const account of ['refused', 'guarded']) {
    await openSite(page, account);
    await expect(createWith({ page, totp: () => Promise.resolve('000000') })).rejects.toThrow(
      CredentialsRejectedError,
    );
  }
});

async function createWith(tools: {
  readonly page: Page;
  readonly totp: () => Promise<string>;
}): Promise<void> {
  const text = flowText({ ...defaultAnswers, code: true }, { syntax: 'require' });
  const module = { exports: {} as ReturnType<typeof defineAuthFlow> };
  const require = (name: string): unknown =>
    name === 'playwright-auth-sessions'
      ? { CredentialsRejectedError, defineAuthFlow }
      : createRequire(import.meta.url)(name);
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is what init writes
  const load = new Function('module', 'require', text) as (...given: readonly unknown[]) => void;
  load(module, require);
  await module.exports.create({ ...tools, credentials } as unknown as Parameters<
    typeof module.exports.create
  >[0]);
}

/** A site whose account asks for a code, does not, or rejects the password. */
async function openSite(page: Page, account: string): Promise<void> {
  await page.context().unrouteAll();
  await page
    .context()
    .route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: site.replace('ACCOUNT', account) }),
    );
}

test.use({ baseURL: 'http://shop.example' });

const site = `<!doctype html><main>
  <label>Email <input></label><label>Password <input type="password"></label><button>Continue</button></main>
  <script>
    const main = document.querySelector('main');
    const show = (html) => setTimeout(() => { main.innerHTML = html; }, 20);
    const account = 'ACCOUNT';
    document.addEventListener('click', ({ target }) => {
      if (target.textContent === 'Continue')
        show({ plain: '<button>Sign out</button>', refused: '<p role="alert">No</p>',
          guarded: '<label>One-time code <input></label><button>Verify</button>' }[account]);
      if (target.textContent === 'Verify')
        show(document.querySelector('input').value === '123456' ? '<button>Sign out</button>' : '<p role="alert">No</p>');
    });
  </script>`;
