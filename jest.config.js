/** Tests run on the compiled files, the very ones that ship: no transform stands between. */
export default {
  testMatch: ['<rootDir>/dist/src/**/*.spec.js', '<rootDir>/dist/test/**/*.spec.js'],
  transform: {},
  testTimeout: 300_000,
  maxWorkers: 2,
};
