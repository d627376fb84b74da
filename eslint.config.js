import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const nodeGlobals = Object.fromEntries(
  ['process', 'console', 'URL', 'Buffer', 'performance', 'fetch', 'setTimeout'].map((name) => [name, 'readonly']),
);

const maxLines = ['error', { max: 250 }];
const maxLinesOfFunction = ['error', { max: 40 }];
const maxParameters = ['error', { max: 4 }];

/**
 * The limits of size, and the files that may exceed one of them, each with its reason. A file that has two
 * responsibilities becomes two files; parameters that belong together become an object with a name.
 */
const sizeLimits = [
  { files: ['src/**/*.ts', 'test/**/*.ts'], rules: { 'max-lines': maxLines } },
  {
    files: ['src/**/*.ts'],
    // A `describe` is one function.
    ignores: ['**/*.spec.ts'],
    rules: { 'max-lines-per-function': maxLinesOfFunction, 'max-params': maxParameters },
  },
  {
    // A layer is written as the list of its operations, and takes its inputs, its sizes, and the prefix of its weights' names.
    files: [
      'src/model-import/layers.ts',
      'src/model-import/biomedparse/decoder-graph.ts',
      'src/model-import/biomedparse/network.ts',
      'src/model-import/biomedparse/text-graph.ts',
      'src/model-import/open-clip/bert-graph.ts',
      'src/model-import/open-clip/clip-text-graph.ts',
      'src/model-import/open-clip/image-graph.ts',
      'src/model-import/open-clip/layers.ts',
      'src/model-import/open-clip/residual-block.ts',
    ],
    rules: { 'max-params': 'off' },
  },
  {
    // The table of pickle's opcodes.
    files: ['src/model-import/checkpoint/pickle-machine.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // The functions of the addon have as many parameters as the C++ code takes.
    files: ['src/adapters/hnsw/workers/native-addon.ts'],
    rules: { 'max-params': 'off' },
  },
  {
    // A drawing of a sample figure is the list of its strokes.
    files: [
      'src/samples/blood.ts',
      'src/samples/brain.ts',
      'src/samples/chest.ts',
      'src/samples/cytometry.ts',
      'src/samples/fundus.ts',
      'src/samples/radiographs.ts',
      'src/samples/skin.ts',
      'src/samples/tissue.ts',
      'src/samples/trunk.ts',
    ],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // A stroke takes its coordinates, its sizes and its color.
    files: [
      'src/samples/axes.ts',
      'src/samples/blood.ts',
      'src/samples/brain.ts',
      'src/samples/canvas.ts',
      'src/samples/chest.ts',
      'src/samples/cytometry.ts',
      'src/samples/fundus.ts',
      'src/samples/shapes.ts',
      'src/samples/skin.ts',
      'src/samples/tissue.ts',
    ],
    rules: { 'max-params': 'off' },
  },
  {
    // Tables: hostile requests, each with the answer that is expected, and what was added to the schema.
    files: ['test/faults/hostile-cases.ts', 'test/integration/schema-additions.ts'],
    rules: { 'max-lines': 'off' },
  },
];

const wordsMessage = 'Words that a person reads belong in web/src/text.ts or web/src/atlas/atlas-text.ts.';
/** A sentence, or the beginning of one. */
const sentence = '/^[A-Z][a-z]* [\\w“]/';

/** All words of the page are in its files of words. Commands in <code> are the same in every language. */
const wordsOfPage = {
  files: ['web/src/**/*.ts', 'web/src/**/*.tsx'],
  ignores: ['web/src/text.ts', 'web/src/atlas/atlas-text.ts'],
  rules: {
    'no-restricted-syntax': [
      'error',
      ...[
        "JSXElement:not([openingElement.name.name='code']) > JSXText[value=/[A-Za-z]{2}/]",
        'JSXFragment > JSXText[value=/[A-Za-z]{2}/]',
        'JSXAttribute[name.name=/^(title|placeholder|alt|label|aria-label)$/] > Literal[value=/[A-Za-z]/]',
        `Literal[value=${sentence}]`,
        `TemplateElement[value.raw=${sentence}]`,
        'NewExpression[callee.name=/Error$/] > Literal:first-child',
        'NewExpression[callee.name=/Error$/] > TemplateLiteral:first-child',
      ].map((selector) => ({ selector, message: wordsMessage })),
    ],
  },
};

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
        { ignoreRestSiblings: true, varsIgnorePattern: '^_', argsIgnorePattern: '^_(viewer|request)$' },
      ],
      // GraphQL types and TypeORM rows are classes by decorator only: plain objects of their shape are what we pass.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Rows have no methods to lose, and code points are what a tokenizer counts.
      '@typescript-eslint/no-misused-spread': 'off',
      // Cleaning text is about control characters.
      'no-control-regex': 'off',
    },
  },
  ...sizeLimits,
  wordsOfPage,
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: { ...nodeGlobals, module: 'writable' },
    },
  },
);
