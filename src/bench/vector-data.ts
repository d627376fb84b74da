import { mkdir, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { dot, vectorToBytes } from '../domain/vector.js';

export const dimensions = 512;
const latent = 128;
const clusters = 2000;

export const queryCount = 1000;

/**
 * Vectors that lie as those of a dual encoder do: clusters of unequal size (Zipf) in a latent space whose spectrum
 * decays, noise, and a common mean that puts all of them into a cone; queries have a mean of their own, the modality gap
 * (Liang et al., NeurIPS 2022). The same in every run. A folder that has such files already is taken as it is.
 */
export class VectorData {
  private constructor(
    readonly folder: string,
    readonly count: number,
  ) {}

  /** Writes `X.f32` [count, 512], `Q.f32` [1000, 512] and `cluster.i32` [count] into the folder unless they are there. */
  static async in(folder: string, count: number): Promise<VectorData> {
    const data = new VectorData(folder, count);
    const written = await stat(data.file('Q.f32')).catch(() => null);
    if (written === null) await data.write();
    return data;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  async queries(): Promise<Float32Array> {
    return floats(await readFile(this.file('Q.f32')));
  }

  async vectors(from: number, to: number): Promise<Float32Array> {
    const file = await open(this.file('X.f32'));
    try {
      const bytes = new Uint8Array((to - from) * dimensions * 4);
      await file.read(bytes, 0, bytes.length, from * dimensions * 4);
      return new Float32Array(bytes.buffer);
    } finally {
      await file.close();
    }
  }

  async clusters(): Promise<Int32Array> {
    return new Int32Array(new Uint8Array(await readFile(this.file('cluster.i32'))).buffer);
  }

  private async write(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const random = new Random(20240607);
    const space = new Space(random);
    const names = new Int32Array(this.count);
    await writeVectors(this.file('X.f32'), this.count, (row) => {
      const cluster = space.drawCluster();
      names[row] = cluster;
      return space.vector(cluster, space.storedMean);
    });
    const file = await open(this.file('cluster.i32'), 'w');
    await file.writeFile(new Uint8Array(names.buffer));
    await file.close();
    // Last: where it is, all is there.
    await writeVectors(this.file('Q.f32'), queryCount, () => space.vector(space.drawCluster(), space.queryMean));
  }
}

class Space {
  readonly storedMean: Float32Array;
  readonly queryMean: Float32Array;
  private readonly basis: readonly Float32Array[];
  private readonly spectrum: Float32Array;
  private readonly centers: Float32Array;
  /** Mean length of a center: what the means and the noise are measured in. */
  private readonly scale: number;
  private readonly cumulated: Float64Array;

  constructor(private readonly random: Random) {
    this.basis = orthonormal(random);
    this.spectrum = Float32Array.from({ length: latent }, (_, axis) => 1 / Math.sqrt(1 + axis / 16));
    this.centers = random.normals(clusters * latent, 1).map((value, i) => value * (this.spectrum[i % latent] ?? 0));
    let lengths = 0;
    for (let at = 0; at < this.centers.length; at += latent) {
      lengths += Math.hypot(...this.centers.subarray(at, at + latent));
    }
    this.scale = lengths / clusters;
    const mean = unit(random.normals(dimensions, 1));
    const offset = unit(random.normals(dimensions, 1));
    this.storedMean = mean.map((value) => 0.8 * this.scale * value);
    this.queryMean = mean.map((value, i) => this.scale * (0.4 * value + 0.8 * (offset[i] ?? 0)));
    let sum = 0;
    this.cumulated = Float64Array.from({ length: clusters }, (_, rank) => (sum += 1 / Math.sqrt(rank + 1)));
  }

  drawCluster(): number {
    const drawn = this.random.uniform() * (this.cumulated.at(-1) ?? 1);
    return Math.max(
      0,
      this.cumulated.findIndex((edge) => drawn < edge),
    );
  }

  vector(cluster: number, mean: Float32Array): Float32Array {
    const vector = mean.slice();
    for (const [axis, direction] of this.basis.entries()) {
      const spread = 0.75 * (this.spectrum[axis] ?? 0);
      const place = (this.centers[cluster * latent + axis] ?? 0) + spread * this.random.normal();
      for (let i = 0; i < dimensions; i++) vector[i] = (vector[i] ?? 0) + place * (direction[i] ?? 0);
    }
    const noise = (0.3 * this.scale) / Math.sqrt(dimensions);
    for (let i = 0; i < dimensions; i++) vector[i] = (vector[i] ?? 0) + noise * this.random.normal();
    return unit(vector);
  }
}

/** Directions at right angles to each other, by Gram and Schmidt. */
function orthonormal(random: Random): readonly Float32Array[] {
  const basis: Float32Array[] = [];
  for (let axis = 0; axis < latent; axis++) {
    const direction = random.normals(dimensions, 1);
    for (const other of basis) {
      const along = dot(direction, other);
      for (let i = 0; i < dimensions; i++) direction[i] = (direction[i] ?? 0) - along * (other[i] ?? 0);
    }
    basis.push(unit(direction));
  }
  return basis;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}

/** Marsaglia's xorshift128 (Journal of Statistical Software, 2003), seeded; normals by Box and Muller. */
class Random {
  private readonly state: Uint32Array;
  private spare: number | null = null;

  constructor(seed: number) {
    this.state = Uint32Array.from([seed, seed ^ 0x9e37_79b9, 0x1234_5678, 0x8765_4321]);
    for (let i = 0; i < 64; i++) this.next();
  }

  uniform(): number {
    return this.next() / 0x1_0000_0000;
  }

  normal(): number {
    if (this.spare !== null) {
      const value = this.spare;
      this.spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  normals(count: number, spread: number): Float32Array {
    return Float32Array.from({ length: count }, () => spread * this.normal());
  }

  private next(): number {
    const [x = 0, y = 0, z = 0, w = 0] = this.state;
    const mixed = x ^ (x << 11);
    this.state.set([y, z, w, w ^ (w >>> 19) ^ mixed ^ (mixed >>> 8)]);
    return this.state[3] ?? 0;
  }
}

async function writeVectors(name: string, count: number, vector: (row: number) => Float32Array): Promise<void> {
  const file = await open(name, 'w');
  try {
    for (let from = 0; from < count; from += 1000) {
      const rows = Array.from({ length: Math.min(1000, count - from) }, (_, row) => vectorToBytes(vector(from + row)));
      await file.writeFile(Buffer.concat(rows));
    }
  } finally {
    await file.close();
  }
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}
