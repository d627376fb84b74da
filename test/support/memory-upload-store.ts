import { randomUUID } from 'node:crypto';
import { FigseekError } from '../../src/domain/errors.js';
import { UploadStore } from '../../src/ports/upload-store.js';

/** Uploads in memory; they do not expire. */
export class MemoryUploadStore extends UploadStore {
  private readonly uploads = new Map<string, Uint8Array>();

  constructor(private readonly maxBytes = Infinity) {
    super();
  }

  put(bytes: Uint8Array): Promise<{ id: string; expiresAt: Date }> {
    const kept = [...this.uploads.values()].reduce((sum, { length }) => sum + length, 0);
    if (kept + bytes.length > this.maxBytes) {
      return Promise.reject(new FigseekError('RATE_LIMITED', `Expected at most ${this.maxBytes} bytes of uploads`));
    }
    const id = `upl_${randomUUID()}`;
    this.uploads.set(id, Uint8Array.from(bytes));
    return Promise.resolve({ id, expiresAt: new Date(Date.now() + 3_600_000) });
  }

  discard(id: string): Promise<void> {
    this.uploads.delete(id);
    return Promise.resolve();
  }

  get(id: string): Promise<Uint8Array> {
    const bytes = this.uploads.get(id);
    return bytes === undefined ? Promise.reject(absent(id)) : Promise.resolve(bytes);
  }

  fileOf(id: string): Promise<string> {
    return this.uploads.has(id) ? Promise.resolve(`/memory/${id}`) : Promise.reject(absent(id));
  }
}

function absent(id: string): FigseekError {
  return new FigseekError('NOT_FOUND', `There is no upload ${id}`);
}
