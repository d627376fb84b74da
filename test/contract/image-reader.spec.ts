import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProcessImageReader } from '../../src/adapters/onnx/process-image-reader.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { encodePng } from '../../src/imaging/encode.js';
import { signatureFromBytes } from '../../src/imaging/pictures/signature-bytes.js';
import type { ImageReader } from '../../src/ports/image-reader.js';
import { MemoryBlobStore } from '../support/memory-blob-store.js';
import { MemoryImageReader, rawFile } from '../support/memory-image-reader.js';

interface Opened {
  readonly reader: ImageReader;
  readonly fileOf: (image: RawImage) => Promise<Uint8Array>;
}

const inProcesses = (): Opened => ({
  reader: new ProcessImageReader({ processes: 1, maxPixels: 1e6, queue: 8 }),
  fileOf: encodePng,
});
const inMemory = (): Opened => ({
  reader: new MemoryImageReader(new MemoryBlobStore()),
  fileOf: (image) => Promise.resolve(rawFile(image)),
});

const preparation = { size: 32, resizeMode: 'shortest', interpolation: 'bicubic', fill: 0 } as const;
const [width, height] = [240, 160];

/** Blobs that differ from place to place. */
function drawn(seed: number): RawImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return 128 + 60 * Math.sin((x * (seed + 3)) / 37 + y / 11) + 60 * Math.cos((x * y) / (500 + 90 * seed));
  });
  return { width, height, data };
}

describe.each<[string, () => Opened]>([
  ['in processes', inProcesses],
  ['in memory', inMemory],
])('a reader of images %s', (_kind, open) => {
  let opened: Opened;
  let file: Uint8Array;
  const whole = { x: 0, y: 0, width, height };

  beforeAll(async () => {
    opened = open();
    file = await opened.fileOf(drawn(1));
  });

  afterAll(() => {
    opened.reader.close();
  });

  it('gives parts as a model takes them, in the order in which they were asked for', async () => {
    const { reader } = opened;
    const box = { x: 20, y: 30, width: 100, height: 80 };
    const region = { x: 0.5, y: 0.25, width: 0.5, height: 0.5 };
    const parts = [{}, { box: whole }, { box }, { box, region }];
    const read = await reader.readParts(file, preparation, 'interactive', parts);
    expect(read).toMatchObject({ width, height, isTransposed: false, pages: 1 });
    expect(read.parts.map(({ length }) => length)).toEqual(parts.map(() => preparation.size ** 2 * 3));
    expect(read.parts[1]).toEqual(read.parts[0]);
    expect(read.parts[2]).not.toEqual(read.parts[0]);
    expect(read.parts[3]).not.toEqual(read.parts[2]);
    expect((await reader.read(file, preparation, 'bulk', { box, region })).pixels).toEqual(read.parts[3]);
  });

  it('takes of a box what lies within the image', async () => {
    const { reader } = opened;
    const within = { x: 140, y: 60, width: 100, height: 100 };
    const read = await reader.readParts(file, preparation, 'bulk', [
      { box: within },
      { box: { ...within, width: 400, height: 900 } },
    ]);
    expect(read.parts[1]).toEqual(read.parts[0]);
  });

  it('signs each part by its picture', async () => {
    const { reader } = opened;
    const box = { x: 10, y: 10, width: 150, height: 120 };
    const signed = await reader.readSigned(file, preparation, [{}, { box }], null);
    expect(signed.signatures).toHaveLength(2);
    expect(signed.signatures).toEqual(await reader.sign(file, [whole, box]));
    const [first = new Uint8Array()] = signed.signatures;
    const known = signatureFromBytes(first);
    expect(known.width / known.height).toBeCloseTo(width / height, 1);
  });

  it('reads and signs the panels that the letters of a caption name', async () => {
    const { reader, fileOf } = opened;
    const parted = drawn(1);
    for (let y = 0; y < height; y++) parted.data.fill(255, 3 * (y * width + 110), 3 * (y * width + 130));
    const [left, right] = [
      { x: 0, y: 0, width: 110, height },
      { x: 130, y: 0, width: 110, height },
    ];
    const image = await fileOf(parted);
    const signed = await reader.readSigned(image, preparation, [{}], '(A) Left side. (B) Right side.');
    expect(signed.split).toEqual({
      origin: 'RULES',
      panels: [
        { label: 'A', caption: 'Left side.', box: left },
        { label: 'B', caption: 'Right side.', box: right },
      ],
      suggestion: null,
    });
    expect(signed.parts).toEqual(
      (await reader.readParts(image, preparation, 'bulk', [{}, { box: left }, { box: right }])).parts,
    );
    expect(signed.signatures).toEqual(await reader.sign(image, [whole, left, right]));
    expect((await reader.readSigned(image, preparation, [{}], null)).split).toBeNull();
  });

  it('says that a picture is the same as itself, and that it has nothing in common with others', async () => {
    const { reader, fileOf } = opened;
    const guess = {
      placement: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 },
      frame: { x: 0, y: 0, width: 1, height: height / width },
    };
    const damaged = Uint8Array.of(9, 9, 9);
    const others = [file, await fileOf(drawn(8)), damaged].map((image) => ({ image, box: whole, guesses: [guess] }));
    const [same, other, none] = await reader.compare({ image: file, box: whole }, others);
    expect(same).toMatchObject({ isSame: true });
    expect([other, none]).toEqual([null, null]);
  });

  it('checks an image, and makes a copy of it that is no larger than asked for', async () => {
    const { reader } = opened;
    expect(await reader.check(file)).toMatchObject({ width, height, pages: 1 });
    const { bytes, contentType } = await reader.thumbnail(file, 60);
    expect(contentType).toMatch(/^image\//);
    expect(bytes.length).toBeGreaterThan(0);
    expect(await reader.check(bytes)).toMatchObject({ width: 60, height: 40 });
  });

  it('cuts windows and the square of a segmenter', async () => {
    const { reader } = opened;
    const windows = [
      { scale: 2, x: 0, y: 0 },
      { scale: 2, x: 0.4, y: 0.3 },
    ];
    const cut = await reader.readWindows(file, whole, windows, preparation);
    expect(cut.map(({ length }) => length)).toEqual(windows.map(() => preparation.size ** 2 * 3));
    expect(cut[0]).not.toEqual(cut[1]);
    const { pixels, size } = await reader.readForSegmenter(file, whole, 64);
    expect([pixels.length, size]).toEqual([64 * 64 * 3, 64]);
  });

  it('refuses what is no image by name, and reads the next one', async () => {
    const { reader } = opened;
    for (const bytes of [new Uint8Array(), Uint8Array.of(1, 2, 3)]) {
      await expect(reader.check(bytes)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:UNSUPPORTED_MEDIA|BAD_USER_INPUT)$/),
      });
    }
    expect(await reader.check(file)).toMatchObject({ width });
  });

  it('refuses by name after its end', async () => {
    const other = open();
    const image = await other.fileOf(drawn(2));
    other.reader.close();
    await expect(other.reader.check(image)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });
});
