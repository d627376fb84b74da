import { printLine } from './output.js';
import { withProgress } from './progress.js';

/** Tells a person on standard output, and shows progress on standard error. */
export const consoleReporter = { tell: printLine, track: withProgress };
