import { rmSync } from 'node:fs';

/** After all tests: removes what `own-temporary-folder.ts` made. */
export default function tearDown(): void {
  const folder = process.env['TESTS_TEMPORARY_FOLDER'];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
