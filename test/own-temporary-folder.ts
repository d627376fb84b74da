import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Before all tests: what they put into the system's temporary folder goes into one of its own, deleted at the end. */
export default function setUp(): void {
  process.env['TMPDIR'] = mkdtempSync(path.join(tmpdir(), prefix));
}

/** Of the folder's name; in `no-temporary-folder.ts` the sign that it is ours. */
export const prefix = 'figseek-tests-';
