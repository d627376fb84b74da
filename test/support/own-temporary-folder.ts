import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Before all tests: what they put into the system's temporary folder goes into one of its own, deleted at the end. */
export default function setUp(): void {
  const folder = mkdtempSync(path.join(tmpdir(), prefix));
  // As the system's own: a test may act as another user.
  chmodSync(folder, 0o755);
  process.env['TMPDIR'] = folder;
}

/** Of the folder's name; in `no-temporary-folder.ts` the sign that it is ours. */
export const prefix = 'figseek-tests-';
