// After tsc: the command line's entry must be executable for `npx figseek`.
import { chmodSync } from 'node:fs';

chmodSync('dist/src/cli.js', 0o755);
