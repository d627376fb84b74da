import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Vite's compiler is a native addon that does not run beside Jest. */
const program = `
  import { build } from 'vite';
  const [entry, outDir] = process.argv.slice(1);
  const lib = { entry, formats: ['es'], fileName: 'module' };
  await build({ configFile: false, logLevel: 'error', root: 'web', build: { outDir, lib, emptyOutDir: true } });
`;

/**
 * Loads a module of the page (web/src), which is compiled by Vite and not with the tests.
 * @param file its path below web/src
 */
export async function loadPageModule<Module>(file: string): Promise<Module> {
  const folder = mkdtempSync(path.join(tmpdir(), 'figseek-page-module-'));
  const parameters = [path.resolve('web/src', file), folder];
  execFileSync(process.execPath, ['--input-type=module', '--eval', program, ...parameters]);
  // Without it, Node would read the file as CommonJS.
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  return (await import(pathToFileURL(path.join(folder, 'module.js')).href)) as Module;
}
