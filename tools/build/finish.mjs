// After tsc: the command line's entry must be executable for `npx figseek`, the UMAP library is copied, and main.js tells when the
// build was (if-changed.mjs): tsc leaves files alone that did not change. It is the last step of a build: the page's types make a
// folder among the sources.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package names it and holds no copy: what is shipped has to. */
const license = `umap.js and the file that it imports are parts of the npm package embedding-atlas
(https://github.com/apple/embedding-atlas), unchanged.

MIT License

Copyright (c) 2025 Apple Inc.

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR
IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

chmodSync('dist/src/cli.js', 0o755);
copyUmap('dist/src/adapters/umap/library');
const now = new Date();
utimesSync('dist/src/main.js', now, now);

/**
 * The UMAP of embedding-atlas is two files without imports from outside (JavaScript, with WebAssembly in it). They are copied, so
 * that neither its other parts nor what these need are installed (docs/decisions/0039-the-atlas.md).
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
  writeFileSync(path.join(folder, 'LICENSE.txt'), license);
}
