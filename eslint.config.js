import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const nodeGlobals = Object.fromEntries(
  ['process', 'console', 'URL', 'Buffer', 'performance', 'fetch', 'setTimeout'].map((name) => [name, 'readonly']),
);

export default tseslint.config(
  { ignores: ['dist/', 'dist-*/', 'web/src/generated/', 'data/', 'indexes/', 'models/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // A type argument that stands once still documents what crosses a JSON or message boundary.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // A switch of one-line cases reads better with `return this.push(…)`.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        // Each use case takes its viewer, also one that gives everybody the same answer.
        { ignoreRestSiblings: true, varsIgnorePattern: '^_', argsIgnorePattern: '^_viewer$' },
      ],
      // GraphQL types and TypeORM rows are classes by decorator only: plain objects of their shape are what we pass.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Rows have no methods to lose, and code points are what a tokenizer counts.
      '@typescript-eslint/no-misused-spread': 'off',
      // Cleaning text is about control characters.
      'no-control-regex': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: { ...nodeGlobals, module: 'writable' },
    },
  },
);
