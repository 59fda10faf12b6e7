import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom. Every package carries exactly one `type:` tag in its package.json. */
const foundation = [
  'type:kit',
  'type:runtime',
  'type:persistence',
  'type:jobs',
  'type:expressions',
  'type:http-api',
];
const boundaries = [
  { sourceTag: 'type:kit', onlyDependOnLibsWithTags: [] },
  {
    sourceTag: 'type:connector',
    onlyDependOnLibsWithTags: ['type:kit'],
    bannedExternalImports: ['@nestjs/*', 'typeorm', 'pg', 'undici', 'axios', 'got'],
  },
  {
    sourceTag: 'type:runtime',
    onlyDependOnLibsWithTags: ['type:kit'],
    bannedExternalImports: ['@nestjs/*', 'typeorm'],
  },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:kit', 'type:runtime'] },
  { sourceTag: 'type:http-api', onlyDependOnLibsWithTags: ['type:kit'] },
  { sourceTag: 'type:persistence', onlyDependOnLibsWithTags: ['type:kit'] },
  { sourceTag: 'type:jobs', onlyDependOnLibsWithTags: ['type:kit'] },
  { sourceTag: 'type:expressions', onlyDependOnLibsWithTags: ['type:kit'] },
  { sourceTag: 'type:access', onlyDependOnLibsWithTags: foundation },
  { sourceTag: 'type:connections', onlyDependOnLibsWithTags: [...foundation, 'type:access'] },
  {
    sourceTag: 'type:directory',
    onlyDependOnLibsWithTags: [...foundation, 'type:access', 'type:connections'],
  },
  {
    sourceTag: 'type:feature',
    onlyDependOnLibsWithTags: [...foundation, 'type:access', 'type:connections', 'type:directory'],
  },
  { sourceTag: 'type:api-client', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['*'] },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      'libs/api-client/src/schema.ts',
      '**/*.config.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], depConstraints: boundaries, enforceBuildableLibDependency: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-imports': ['error', { patterns: ['**/dist/**'] }],
    },
  },
  {
    // A spec may reach for what it compares with: the sandbox as the other side, official SDKs as counterparts.
    files: ['**/*.spec.ts', '**/test/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
