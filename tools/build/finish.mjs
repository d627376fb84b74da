// After tsc: the command line's entry must be executable for `npx figseek`, the UMAP library is copied, and main.js tells when the
// build was (if-changed.mjs): tsc leaves files alone that did not change. It is the last step of a build: the page's types make a
// folder among the sources.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

chmodSync('dist/src/cli.js', 0o755);
copyUmap('dist/src/adapters/umap/library');
const now = new Date();
utimesSync('dist/src/main.js', now, now);

/**
 * The UMAP of embedding-atlas is two files without imports from outside (JavaScript, with WebAssembly in it). They are copied, so
 * that neither its other parts nor what these need are installed (docs/decisions/0042-the-atlas.md).
 */
function copyUmap(folder) {
  const source = path.dirname(fileURLToPath(import.meta.resolve('embedding-atlas')));
  mkdirSync(folder, { recursive: true });
  const entry = readFileSync(path.join(source, 'umap.js'), 'utf8');
  const names = ['umap.js', ...[...entry.matchAll(/from "\.\/([\w-]+\.js)"/g)].map(([, name]) => name)];
  for (const name of names) {
    if (/^import\b.*from "(?!\.\/)/m.test(readFileSync(path.join(source, name), 'utf8'))) {
      throw new Error(`Expected ${name} of embedding-atlas to import no other package`);
    }
    copyFileSync(path.join(source, name), path.join(folder, name));
  }
}
