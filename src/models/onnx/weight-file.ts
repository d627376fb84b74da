import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import { toHalf } from './half.js';

/** How weights lie on disk; they are computed with as float32 either way. */
export type WeightStorage = 'float32' | 'float16';

/** Where one weight lies, for every graph that reads it. */
export interface StoredWeight {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
  readonly shape: readonly number[];
  readonly storage: WeightStorage;
}

// As onnx's own tools do it: pages of weights can then be mapped.
const alignment = 64;

/** The external data of one or more graphs, streamed: a weight is on disk before the next is read. */
export class WeightFile {
  private readonly hash: Hash = createHash('sha256');
  private end = 0;

  private constructor(
    private readonly name: string,
    private readonly handle: FileHandle,
    private readonly storage: WeightStorage,
  ) {}

  /** Makes `name` in `folder`. */
  static async create(folder: string, name: string, storage: WeightStorage): Promise<WeightFile> {
    return new WeightFile(name, await open(path.join(folder, name), 'wx'), storage);
  }

  async append(values: Float32Array, shape: readonly number[]): Promise<StoredWeight> {
    const stored = this.storage === 'float16' ? toHalf(values) : values;
    const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
    const offset = Math.ceil(this.end / alignment) * alignment;
    // A full disk may take only a part of a write without an error: that part would pass for the whole.
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, offset + done);
      if (bytesWritten === 0) {
        throw new FigseekError('INTERNAL_SERVER_ERROR', `${this.name} takes no more bytes; is the disk full?`);
      }
      done += bytesWritten;
    }
    this.hash.update(bytes);
    this.end = offset + bytes.length;
    return { location: this.name, offset, length: bytes.length, shape, storage: this.storage };
  }

  /** Closes the file. @returns sha256 over the weights */
  async finish(): Promise<string> {
    await this.handle.sync();
    await this.handle.close();
    return this.hash.digest('hex');
  }

  /** Closes the file where it is not finished. */
  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }
}
