import { defineConfig, globalIgnores } from 'eslint/config'
import rxjs from 'eslint-plugin-rxjs-x'
import tseslint from 'typescript-eslint'
import arrows from './lint/arrows.js'
import importForms from './lint/import-forms.js'

const useTimeline = 'what is computed depends on the data alone: take time from the Timeline or scheduler that is handed in'
const useSeed = 'what is computed depends on the data alone: take a seed or a name from the caller'

export default defineConfig(
  globalIgnores(['dist/', 'build/', 'coverage/', 'out/', '.stryker-tmp/']),
  {
    plugins: { motorwatch: { rules: { arrows, 'import-forms': importForms } } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'motorwatch/arrows': 'error',
      'motorwatch/import-forms': 'error',
      'no-var': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      'eqeqeq': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, rxjs.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true, allowRethrowing: true }],
      '@typescript-eslint/no-unused-vars': 'off', // tsc says it
      '@typescript-eslint/require-await': 'off', // a sink's `open` is async by its interface, whether or not it has to wait
      '@typescript-eslint/unbound-method': 'off', // it does not see `wake.call(behaviour, ...)`
    },
  },
  {
    files: ['src/{model,time,rules,detectors,operators}/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({ name, message: useTimeline })),
        { name: 'crypto', message: useSeed }],
      'no-restricted-properties': ['error',
        { object: 'Date', property: 'now', message: useTimeline },
        { object: 'globalThis', property: 'setTimeout', message: useTimeline },
        { object: 'globalThis', property: 'setInterval', message: useTimeline },
        { object: 'globalThis', property: 'performance', message: useTimeline },
        { object: 'process', property: 'hrtime', message: useTimeline },
        { object: 'Math', property: 'random', message: useSeed },
        { property: 'randomUUID', message: useSeed }],
      'no-restricted-syntax': ['error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: useTimeline },
        { selector: 'CallExpression[callee.name="Date"]', message: useTimeline }],
      'no-restricted-imports': ['error', {
        paths: ['timers', 'timers/promises', 'perf_hooks'].flatMap((name) => [name, `node:${name}`]).map((name) => ({ name, message: useTimeline })),
      }],
    },
  },
  {
    // Operators are where subscribing inside a subscription is the work itself.
    files: ['src/{time,operators,testing}/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'rxjs-x/no-nested-subscribe': 'off' },
  },
  {
    files: ['{test,bench}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      'rxjs-x/no-subject-unsubscribe': 'off',
      'rxjs-x/throw-error': 'off',
      'rxjs-x/no-ignored-replay-buffer': 'off',
      'rxjs-x/no-redundant-notify': 'off',
    },
  },
)
