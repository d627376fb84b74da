import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';

/** Where golden data and real figures lie: `FIGSEEK_SHARED`, else `../shared` beside the repository. */
export const sharedDir = process.env['FIGSEEK_SHARED'] ?? path.resolve(packageRoot, '../shared');

/**
 * Tests that need the shared data. Where it is absent they are left out, loudly; on CI that is a failure, unless the
 * run says by FIGSEEK_SHARED=none that it has to stand alone.
 */
export function describeWithShared(name: string, tests: () => void): void {
  if (existsSync(path.join(sharedDir, 'golden'))) {
    describe(name, tests);
    return;
  }
  console.warn(`LEFT OUT: “${name}” needs the shared data; ${sharedDir} is absent`);
  const mustBeThere = process.env['CI'] === 'true' && process.env['FIGSEEK_SHARED'] !== 'none';
  describe(name, () => {
    it(`finds the shared data in ${sharedDir}`, () => {
      if (mustBeThere) throw new Error(`The shared data is absent: ${sharedDir}`);
    });
  });
}
