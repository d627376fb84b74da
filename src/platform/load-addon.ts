import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../domain/errors.js';

export type AddonState<Addon> =
  { readonly addon: Addon; readonly reason: null } | { readonly addon: null; readonly reason: string };

const home = new URL('../../../native/build/', import.meta.url);

/**
 * An addon of `native/`, compiled for this machine's processor (`npm run native`), or why it is not used.
 * `FIGSEEK_NATIVE=0` puts it aside, for comparison and for tests.
 * @param version of its source: a binary may be left from before an update
 */
export function loadAddon<Addon extends { readonly version: number }>(
  name: string,
  version: Addon['version'],
): AddonState<Addon> {
  if (process.env['FIGSEEK_NATIVE'] === '0') return absent('FIGSEEK_NATIVE is 0');
  const file = fileURLToPath(new URL(`Release/${name}.node`, home));
  if (!existsSync(file)) return absent('it is not built: run `npm run native` (it needs a C++ compiler)');
  try {
    // A binary for another processor ends the process at its first unknown instruction: compare before it is loaded.
    const built = JSON.parse(readFileSync(new URL('processor.json', home), 'utf8')) as unknown;
    const missing = features(built).filter((feature) => !processorFeatures().includes(feature));
    if (missing.length > 0) {
      return absent(`it was built for a processor with ${missing.slice(0, 3).join(', ')}: run \`npm run native\` here`);
    }
    const addon = createRequire(import.meta.url)(file) as Addon;
    if (addon.version !== version) return absent('it was built from another version: run `npm run native`');
    return { addon, reason: null };
  } catch (error) {
    return absent(`it cannot be loaded: ${messageOf(error)}`);
  }
}

function absent(reason: string): { readonly addon: null; readonly reason: string } {
  return { addon: null, reason };
}

function features(built: unknown): readonly string[] {
  if (Array.isArray(built)) return built.map(String);
  throw new Error('native/build/processor.json is no list');
}

/** What the processor can do where the system tells it (Linux), else its name. */
function processorFeatures(): readonly string[] {
  if (process.platform !== 'linux') return [cpus()[0]?.model ?? 'unknown'];
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
  return (line?.[1] ?? '').trim().split(/\s+/);
}
