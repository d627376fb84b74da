// Compiles native/ for this machine's processor: vector search, and the resize and blur of images, at the speed of C++.
// With --if-possible (npm's postinstall) a machine without a compiler is told what it misses, and the install goes on.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../native/', import.meta.url));
const optional = process.argv.includes('--if-possible');

rmSync(`${folder}build`, { recursive: true, force: true });
// npm puts its own node-gyp into the path of scripts.
const built = spawnSync('node-gyp', ['rebuild', '--silent'], {
  cwd: folder,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
if (built.status === 0) {
  // The loader compares: a binary for another processor would end the process.
  writeFileSync(`${folder}build/processor.json`, JSON.stringify(processorFeatures()));
  console.log('native: vector search, and the resize and blur of images, are compiled for this processor');
} else {
  rmSync(`${folder}build`, { recursive: true, force: true });
  const why = (built.error?.message ?? built.stderr ?? '').trim().split('\n').at(-1);
  console.log(`native: not compiled, hnswlib-node and JavaScript serve in its place (slower, same answers). ${why}`);
  if (!optional) process.exitCode = 1;
}

function processorFeatures() {
  if (process.platform !== 'linux') return [cpus()[0]?.model ?? 'unknown'];
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
  // Only what a compiler can make instructions of; the rest differs between machines of one kind.
  return (line?.[1] ?? '')
    .split(/\s+/)
    .filter((feature) =>
      /^(?:s?sse|avx|fma|f16c|bmi|popcnt|abm|movbe|adx|gfni|aes|vaes|sha|asimd|sve|fp)/.test(feature),
    );
}
