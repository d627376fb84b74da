import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prefix } from './own-temporary-folder.js';

/** After all tests: removes what `own-temporary-folder.ts` made; with --watch the next run makes another one beside it. */
export default function tearDown(): void {
  const folder = tmpdir();
  if (!path.basename(folder).startsWith(prefix)) return;
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.env['TMPDIR'] = path.dirname(folder);
}
