import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { crop, decodeImage } from '../../src/imaging/decode.js';
import { encodeJpeg } from '../../src/imaging/encode.js';
import { ProcessImageReader, type ProcessImageReaderOptions } from '../../src/adapters/onnx/process-image-reader.js';
import { prepareImage } from '../../src/imaging/preprocess/preprocess.js';

const usual: ProcessImageReaderOptions = { processes: 2, maxPixels: 1e6, queue: 8 };
const odd = { entry: fileURLToPath(new URL('./odd-reader-child.js', import.meta.url)) };
const [dies, hangs, slow, fine] = [0, 1, 2, 3].map((way) => Uint8Array.of(way, 7)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

const preparation = { size: 64, resizeMode: 'shortest', interpolation: 'bicubic', fill: 0 } as const;
const tiny = { ...preparation, size: 8 };

describe('the reader of image files', () => {
  let jpeg: Uint8Array;
  let reader: ProcessImageReader;

  beforeAll(async () => {
    const [width, height] = [301, 200];
    const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => 128 + 100 * Math.sin(i / 40));
    jpeg = await encodeJpeg({ width, height, data });
  });

  afterEach(() => {
    reader.close();
  });

  function open(options: Partial<ProcessImageReaderOptions> = {}): ProcessImageReader {
    reader = new ProcessImageReader({ ...usual, ...options });
    return reader;
  }

  it('gives what decoding and resizing here gives, of a whole image and of parts of it', async () => {
    const { image } = await decodeImage(jpeg);
    const box = { x: 30, y: 40, width: 200, height: 120 };
    const region = { x: 0.25, y: 0.5, width: 0.5, height: 0.5 };
    const cutOut = crop(image, { x: 30 / 301, y: 0.2, width: 200 / 301, height: 0.6 });
    const read = open();
    expect(await read.read(jpeg, preparation, 'interactive')).toEqual({
      ...{ width: 301, height: 200, isTransposed: false, pages: 1, range: null },
      pixels: prepareImage(image, preparation),
    });
    const parts = await Promise.all([
      read.read(jpeg, preparation, 'bulk', { region }),
      read.read(jpeg, preparation, 'bulk', { box }),
      read.read(jpeg, preparation, 'bulk', { box, region }),
    ]);
    expect(parts.map(({ pixels }) => pixels)).toEqual([
      prepareImage(crop(image, region), preparation),
      prepareImage(cutOut, preparation),
      prepareImage(crop(cutOut, region), preparation),
    ]);
  });

  it('gives several parts of a file at once, each as if it were read alone', async () => {
    const { image } = await decodeImage(jpeg);
    const boxes = [
      { x: 0, y: 0, width: 301, height: 200 },
      { x: 300, y: 199, width: 1, height: 1 },
      { x: 0, y: 90, width: 301, height: 3 },
    ];
    const read = open();
    const { parts, ...file } = await read.readParts(jpeg, preparation, 'bulk', [{}, ...boxes.map((box) => ({ box }))]);
    expect(file).toEqual({ width: 301, height: 200, isTransposed: false, pages: 1, range: null });
    const alone = await Promise.all(boxes.map((box) => read.read(jpeg, preparation, 'bulk', { box })));
    expect(parts).toEqual([prepareImage(image, preparation), ...alone.map(({ pixels }) => pixels)]);
  });

  it('says what is wrong with a file, and reads the next one', async () => {
    const read = open({ processes: 1 });
    await expect(read.read(jpeg.subarray(0, 900), preparation, 'bulk')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(read.read(Uint8Array.of(1, 2, 3), preparation, 'bulk')).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEDIA',
    });
    expect(await read.read(jpeg, preparation, 'bulk')).toMatchObject({ width: 301 });
    const small = open({ maxPixels: 1000 });
    await expect(small.read(jpeg, preparation, 'bulk')).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('gives up a file that ends its process twice, and loses no other', async () => {
    const read = open(odd);
    const answers = await Promise.allSettled(
      [fine, dies, slow, fine, slow].map((bytes) => read.read(bytes, tiny, 'bulk')),
    );
    expect(answers.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
    ]);
    expect(answers[1]).toMatchObject({ reason: { code: 'BAD_USER_INPUT' } });
  });

  it('ends a process that does not answer in time, and goes on', async () => {
    const read = open({ ...odd, processes: 1, timeoutMs: 10_000 });
    await expect(read.read(hangs, tiny, 'bulk')).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(await read.read(fine, tiny, 'bulk')).toMatchObject({ pixels: fine });
  });

  it('does not let a person wait for an ingest', async () => {
    const read = open({ ...odd, processes: 1 });
    // Its process has started: on a loaded machine that alone can take longer than the whole ingest.
    await read.read(fine, tiny, 'interactive');
    const order: string[] = [];
    const bulk = Array.from({ length: 6 }, () => read.read(slow, tiny, 'bulk').then(() => order.push('bulk')));
    await bulk[0];
    await read.read(fine, tiny, 'interactive').then(() => order.push('person'));
    expect(order.length).toBeLessThan(6);
    await Promise.all(bulk);
    expect(order).toHaveLength(7);
  });

  it('refuses people past the queue, and everybody after its end', async () => {
    const read = open({ ...odd, processes: 1, queue: 2 });
    const waiting = Array.from({ length: 5 }, () => read.read(slow, tiny, 'interactive'));
    const outcomes = Promise.allSettled(waiting);
    read.close();
    const codes = (await outcomes).map((one) =>
      one.status === 'rejected' ? (one.reason as { code: string }).code : '',
    );
    expect(codes).toContain('RATE_LIMITED');
    expect(codes).toContain('MODEL_UNAVAILABLE');
    await expect(read.read(fine, tiny, 'bulk')).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });
});
