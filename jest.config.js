/** Tests run on the compiled files, the very ones that ship: no transform stands between. */
export default {
  testMatch: ['<rootDir>/dist/src/**/*.spec.js', '<rootDir>/dist/test/**/*.spec.js'],
  transform: {},
  globalSetup: '<rootDir>/dist/test/support/own-temporary-folder.js',
  globalTeardown: '<rootDir>/dist/test/support/no-temporary-folder.js',
  testTimeout: 300_000,
  maxWorkers: 2,
};
