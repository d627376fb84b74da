import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import { encodeFloat16 } from './half.js';

/** How a weight lies on disk. */
export type WeightStorage = 'float32' | 'float16' | 'int8';

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
  ) {}

  /** Makes `name` in `folder`. */
  static async create(folder: string, name: string): Promise<WeightFile> {
    return new WeightFile(name, await open(path.join(folder, name), 'wx'));
  }

  /** @param values rounded to float16 where that is the storage; integers for int8 */
  async append(
    values: Float32Array | Int8Array,
    shape: readonly number[],
    storage: WeightStorage,
  ): Promise<StoredWeight> {
    const stored = storage === 'float16' && values instanceof Float32Array ? encodeFloat16(values) : values;
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
    return { location: this.name, offset, length: bytes.length, shape, storage };
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
