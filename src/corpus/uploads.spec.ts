import { describe, expect, it } from '@jest/globals';
import { MemoryUploadStore } from '../../test/support/memory-upload-store.js';
import { FigseekError } from '../domain/errors.js';
import { ImageReader } from '../ports/image-reader.js';
import { Uploads } from './uploads.js';
import { localOperator } from '../domain/viewer.js';

const checked = { width: 2, height: 3, format: 'png', pages: 1 };

/** Takes what begins with 1. */
class FakeReader extends ImageReader {
  constructor(private readonly store: MemoryUploadStore) {
    super();
  }

  async check(image: Parameters<ImageReader['check']>[0]) {
    const name = 'file' in image ? image.file : '';
    const [first] = await this.store.get(name.replace('/memory/', ''));
    if (first !== 1) throw new FigseekError('UNSUPPORTED_MEDIA', 'no image');
    return checked;
  }

  readParts = absent;
  readSigned = absent;
  sign = absent;
  compare = absent;
  thumbnail = absent;
  readWindows = absent;
  readForSegmenter = absent;
  close = absent;
}

function absent(): never {
  throw new Error('an upload is only checked');
}

describe('Uploads', () => {
  it('keeps an image and tells what it is', async () => {
    const store = new MemoryUploadStore();
    const uploads = new Uploads(store, new FakeReader(store));
    const upload = await uploads.add(localOperator, Uint8Array.of(1, 2));
    expect(upload).toEqual({ ...checked, id: expect.stringMatching(/^upl_/), expiresAt: expect.any(Date) });
    expect(await uploads.bytes(localOperator, upload.id)).toEqual(Uint8Array.of(1, 2));
  });

  it('keeps nothing that is no image', async () => {
    const store = new MemoryUploadStore(2);
    const uploads = new Uploads(store, new FakeReader(store));
    // There is room for one: each that is refused gives its place back.
    for (let i = 0; i < 3; i++) {
      await expect(uploads.add(localOperator, Uint8Array.of(0, 0))).rejects.toMatchObject({
        code: 'UNSUPPORTED_MEDIA',
      });
    }
    await expect(uploads.add(localOperator, Uint8Array.of(1, 0))).resolves.toMatchObject(checked);
  });
});
