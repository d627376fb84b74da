import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Before all tests: what they put into the system's temporary folder goes into one of its own, of which nothing stays. */
export default function setUp(): void {
  process.env['TMPDIR'] = process.env['TESTS_TEMPORARY_FOLDER'] = mkdtempSync(path.join(tmpdir(), 'figseek-tests-'));
}
