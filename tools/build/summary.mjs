// The time of each tier of tests, and one line that says how many passed and failed.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, testResults } = report;

/** @returns 'unit' for a spec beside its file, else the folder below test */
function tierOf(file) {
  const [, top, tier] = /dist\/(src|test)\/([^/]+)/.exec(file.split(path.sep).join('/')) ?? [];
  return top === 'test' ? tier : 'unit';
}

const seconds = new Map();
for (const { name, startTime, endTime } of testResults) {
  const tier = tierOf(name);
  seconds.set(tier, (seconds.get(tier) ?? 0) + Math.max(0, endTime - startTime) / 1000);
}
// Two suites run at once: the sum is about twice the time on the clock.
for (const [tier, sum] of [...seconds].sort(([, a], [, b]) => b - a))
  console.log(`${tier}: ${sum.toFixed(0)} s of suites`);
console.log(
  `Tests: ${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed, ${numPendingTests} skipped`,
);
