import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../src/app/config.js';

interface Manifest {
  name: string;
  version: string;
  readonly image: { readonly weights: { sha256: string } };
  readonly text: { readonly weights: { sha256: string } };
}

// The last weights of each tower, in half precision: what makes the embedding from what the tower saw.
const heads = { image: 192 * 256 * 2, text: 224 * 256 * 2 };

/**
 * The starter and, under the name “other”, a model whose embeddings are those of the starter times -1: cosines inside a
 * model are the same, so it gives the same answers; a query of one in the index of the other gives them backwards.
 * @returns the environment with both
 */
export function twoModels(): Record<string, string> {
  const models = mkdtempSync(path.join(tmpdir(), 'models-'));
  for (const name of ['starter', 'other']) {
    cpSync(path.join(packageRoot, 'models', 'starter'), path.join(models, name), { recursive: true });
  }
  const folder = path.join(models, 'other');
  const manifest = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8')) as Manifest;
  manifest.name = 'other';
  manifest.version = 'b'.repeat(64);
  for (const tower of ['image', 'text'] as const) {
    const file = path.join(folder, `${tower}.data`);
    const bytes = readFileSync(file);
    for (let at = bytes.length - heads[tower] + 1; at < bytes.length; at += 2) {
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x80, at);
    }
    writeFileSync(file, bytes);
    manifest[tower].weights.sha256 = createHash('sha256').update(bytes).digest('hex');
  }
  writeFileSync(path.join(folder, 'model.json'), JSON.stringify(manifest));
  return { FIGSEEK_MODELS: models };
}
