import { describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import { MemoryBlobStore } from '../../test/support/memory-blob-store.js';
import { MemoryImageReader, rawFile, rawPixels } from '../../test/support/memory-image-reader.js';
import { columnsImage, columnsRecord } from '../../test/support/panel-records.js';
import { figureIdOf, panelIdOf } from '../domain/ids.js';
import { recordSchema, type IngestRecord } from '../domain/figure-record.js';
import type { VectorKind } from '../domain/search.js';
import { cropToBox } from '../imaging/crop.js';
import { FigureBuilder, RecordError } from './figure-builder.js';

type FigureWrite = Awaited<ReturnType<FigureBuilder['embedAndBuild']>>[number];

/** Remembers how much it was asked at once. */
class CountingEncoder extends FakeEncoder {
  readonly asked: number[] = [];

  override embedImages(images: readonly Uint8Array[]): Promise<Float32Array[]> {
    this.asked.push(images.length);
    return super.embedImages(images);
  }
}

const encoder = new CountingEncoder();
const blobs = new MemoryBlobStore();
const reader = new MemoryImageReader(blobs);
const builder = new FigureBuilder(encoder, blobs, reader);

async function prepare(record: IngestRecord, columns: number) {
  const read = await builder.read(record, () => Promise.resolve(rawFile(columnsImage(columns))));
  return builder.prepare(read, { id: figureIdOf(record.id), source: 'test' });
}

async function build(record: IngestRecord, columns: number): Promise<FigureWrite> {
  const [write] = await builder.embedAndBuild([await prepare(record, columns)]);
  if (write === undefined) throw new Error('a record gives a figure');
  return write;
}

function vectorOf({ embeddings }: FigureWrite, ordinal: number, kind: VectorKind): Float32Array | null {
  return embeddings.find((one) => one.panelId.endsWith(`_${ordinal}`) && one.kind === kind)?.vector ?? null;
}

describe('FigureBuilder', () => {
  it('gives a record without panels the whole figure alone', async () => {
    const { panels, embeddings } = await build(recordSchema.parse({ id: 'plain', image: 'a', caption: 'c' }), 2);
    const box = { x: 0, y: 0, width: 2, height: 3 };
    expect(panels).toEqual([
      { id: panelIdOf(figureIdOf('plain'), 0), figureId: figureIdOf('plain'), label: null, caption: 'c', box },
    ]);
    expect(embeddings.map(({ kind }) => kind)).toEqual(['IMAGE', 'CAPTION']);
  });

  it('embeds the image and the caption of each panel, beside the whole figure', async () => {
    const record = columnsRecord('three', 3);
    const before = reader.decoded;
    const write = await build(record, 3);
    expect(reader.decoded).toBe(before + 1);
    expect(write.panels.map(({ id, label }) => [id, label])).toEqual(
      [null, 'P1', 'P2', 'P3'].map((label, ordinal) => [panelIdOf(figureIdOf('three'), ordinal), label]),
    );
    const image = columnsImage(3);
    const { size } = encoder.model.preparation;
    for (const [ordinal, { box, caption }] of write.panels.entries()) {
      const [vector] = await encoder.embedImages([rawPixels(cropToBox(image, box), size)]);
      expect(vectorOf(write, ordinal, 'IMAGE')).toEqual(vector);
      const [words] = caption === null ? [null] : await encoder.embedTexts([caption]);
      expect(vectorOf(write, ordinal, 'CAPTION')).toEqual(words);
    }
    expect(vectorOf(write, 3, 'CAPTION')).toBeNull();
    expect(write.embeddings).toHaveLength(7);
  });

  it('reads captions of panels as people do, and takes blank ones and labels for none', async () => {
    const box = { x: 0, y: 0, width: 1, height: 1 };
    const panels = [
      { box, label: ' ', caption: ' IFN-&gamma; ' },
      { box, caption: '  ' },
      { box, caption: '<i></i>' },
    ];
    const write = await build(recordSchema.parse({ id: 'words', image: 'a', panels }), 2);
    expect(write.panels.slice(1).map(({ label, caption }) => [label, caption])).toEqual([
      [null, 'IFN-&gamma;'],
      [null, null],
      [null, '<i></i>'],
    ]);
    const [words] = await encoder.embedTexts(['IFN-γ']);
    expect([0, 1, 2, 3].map((ordinal) => vectorOf(write, ordinal, 'CAPTION'))).toEqual([null, words, null, null]);
  });

  it('asks the encoder for at most 64 images at once', async () => {
    const prepared = await Promise.all(Array.from({ length: 12 }, (_, i) => prepare(columnsRecord(`many ${i}`, 9), 9)));
    encoder.asked.length = 0;
    const writes = await builder.embedAndBuild(prepared);
    expect(encoder.asked).toEqual([64, 56]);
    expect(writes.map(({ embeddings }) => embeddings.length)).toEqual(Array(12).fill(19));
    expect(writes.every(({ figure, embeddings }) => embeddings.every(({ panelId }) => isOf(panelId, figure.id)))).toBe(
      true,
    );
  });

  it('refuses a panel that reaches past the image', async () => {
    const refused = prepare(columnsRecord('beyond', 4), 3);
    await expect(refused).rejects.toBeInstanceOf(RecordError);
    await expect(refused).rejects.toThrow(/^panels\.3\.box: Expected a box within the image of 3 × 3 pixels/);
  });
});

function isOf(panelId: string, figureId: string): boolean {
  return panelId.startsWith(figureId.replace('fig_', 'pan_'));
}
