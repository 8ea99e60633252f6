import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  {
    // The last two are compiled as what a project installs, and as what a project is.
    ignores: [
      'node_modules',
      '**/dist',
      'docs/.vitepress/{.temp,cache}',
      'reports/output',
      '.auth-sessions',
      'fixtures/index.cts',
      'tests/package',
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
      'no-empty-pattern': 'off',
    },
  },
  {
    // More are an options object. Playwright's and commander's own functions have the shapes they have.
    files: ['src/**', 'fixtures/**', 'reports/**'],
    ignores: ['fixtures/playwright/**', 'src/cli/commands/codegen.ts', 'src/cli/commands/open.ts'],
    rules: { '@typescript-eslint/max-params': ['error', { max: 3, countVoidThis: false }] },
  },
  {
    // The type check knows which names exist; the linter does not see the casts in JSDoc comments.
    files: ['**/*.mjs'],
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['tests/**'],
    rules: { 'no-console': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
