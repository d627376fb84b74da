// After tsc: the command line's entry must be executable for `npx figseek`, and main.js tells when the build was (if-changed.mjs):
// tsc leaves files alone that did not change. It is the last step of a build: the page's types make a folder among the sources.
import { chmodSync, utimesSync } from 'node:fs';

chmodSync('dist/src/cli.js', 0o755);
const now = new Date();
utimesSync('dist/src/main.js', now, now);
