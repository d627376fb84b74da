import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
}

interface PackageFile {
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

const parse = (name: string): unknown => JSON.parse(readFileSync(path.join(packageRoot, name), 'utf8'));

// The script downloads CUDA libraries; without that host it fails, and the whole install with it (decision 0012).
describe('the install script of onnxruntime-node', () => {
  it('is not run by npm 10, which run the scripts that the lockfile marks', () => {
    const entry = (parse('package-lock.json') as Lockfile).packages['node_modules/onnxruntime-node'];
    expect(entry).toBeDefined();
    expect(entry?.hasInstallScript).toBeUndefined();
  });

  it('is not run by recent versions of npm, which run the scripts that package.json allows', () => {
    expect((parse('package.json') as PackageFile).allowScripts['onnxruntime-node']).toBe(false);
  });
});
