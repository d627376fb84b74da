import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** A tensor whose values follow from its name: offset + scale · u, u in [-1, 1) by murmur3's last mixing of a counter. */
export interface RuledTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly scale: number;
}

/** Writes the tensors as a safetensors file, float32: the values that tools/golden/open_clip_pairs.py computes too. */
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

function valuesOf({ name, shape, offset, scale }: RuledTensor): Float32Array {
  const seed = createHash('sha256').update(name).digest().readUInt32LE(0);
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from(
    { length: count },
    (_, i) => offset + scale * ((mixed(seed + Math.imul(i, 0x9e3779b9)) / 2 ** 32) * 2 - 1),
  );
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
