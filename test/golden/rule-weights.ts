import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A tensor whose values follow from its name: offset + scale · u, u in [-1, 1) by murmur3's last mixing of a counter. */
export interface RuledTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly scale: number;
}

/** A tensor of a checkpoint file, with the byte at which its values begin. */
export interface PlacedTensor extends RuledTensor {
  readonly at: number;
}

/**
 * A file of `torch.save` or safetensors without its weights (`write_without_weights` in tools/golden/rule.py), with the weights put back.
 * @param folder with `checkpoint.gz` and `checkpoint.json`
 * @throws {Error} when the file differs in any byte from the one that was written
 */
export function rebuildCheckpoint(folder: string): {
  readonly bytes: Buffer;
  readonly tensors: readonly PlacedTensor[];
} {
  const { sha256, tensors } = JSON.parse(readFileSync(path.join(folder, 'checkpoint.json'), 'utf8')) as {
    readonly sha256: string;
    readonly tensors: readonly PlacedTensor[];
  };
  const bytes = gunzipSync(readFileSync(path.join(folder, 'checkpoint.gz')));
  for (const tensor of tensors) Buffer.from(valuesOf(tensor).buffer).copy(bytes, tensor.at);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`The checkpoint of ${folder} has the hash ${found}; expected ${sha256}`);
  return { bytes, tensors };
}

/** Writes the tensors as a safetensors file, float32: the values that tools/golden/rule.py computes too. */
export function writeRuledWeights(file: string, tensors: readonly RuledTensor[]): void {
  const header: Record<string, unknown> = {};
  let offset = 0;
  const parts = tensors.map((tensor) => {
    const values = Buffer.from(valuesOf(tensor).buffer);
    header[tensor.name] = {
      dtype: 'F32',
      shape: tensor.shape,
      data_offsets: [offset, (offset += values.length)],
    };
    return values;
  });
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(file, Buffer.concat([length, json, ...parts]));
}

export function valuesOf({ name, shape, offset, scale }: RuledTensor): Float32Array {
  const seed = createHash('sha256').update(name).digest().readUInt32LE(0);
  const count = shape.reduce((product, size) => product * size, 1);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    values[i] = offset + scale * ((mixed(seed + Math.imul(i, 0x9e3779b9)) / 2 ** 32) * 2 - 1);
  }
  return values;
}

/** Noise on stripes whose direction depends on the index: uint8 [size, size, 3]. */
export function ruledPicture(index: number, size: number): Uint8Array {
  const pixels = new Uint8Array(size * size * 3);
  for (const at of pixels.keys()) {
    const [row, channel] = [Math.floor(at / 3), at % 3];
    const [y, x] = [Math.floor(row / size), row % size];
    const stripes = (x * index * 5 + y * 3 + channel * 20) % 150;
    pixels[at] = stripes + (mixed(index + Math.imul(at, 0x9e3779b9)) >>> 26);
  }
  return pixels;
}

function mixed(counter: number): number {
  let h = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
