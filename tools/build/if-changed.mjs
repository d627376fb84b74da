// Builds where a source is newer than what was built from it: `npm ci` has built already, a pull or an edit needs a build.
// usage: if-changed.mjs [FOLDER…], folders that count as sources as well
import { execSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const sources = ['src', 'migrations', 'web', 'tools/build', 'package.json', 'tsconfig.json', 'schema.graphql'].concat(
  process.argv.slice(2),
);
const built = ['dist/src/main.js', 'dist/web/index.html'];

/**
 * @returns when a path last changed, in milliseconds: the newest file or folder in it. A folder changes where one of its
 *   files is added, deleted or renamed.
 */
function newest(place) {
  const facts = statSync(place);
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(
    facts.mtimeMs,
    ...readdirSync(place).flatMap((name) => (name === 'generated' ? [] : [newest(path.join(place, name))])),
  );
}

function oldestBuilt() {
  return Math.min(...built.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

if (Math.max(...sources.map(newest)) > oldestBuilt()) execSync('npm run build', { stdio: 'inherit' });
