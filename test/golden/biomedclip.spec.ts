import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DualEncoder } from '../../src/domain/dual-encoder.js';
import { dot } from '../../src/domain/vector.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { OnnxEncoder } from '../../src/adapters/onnx/onnx-encoder.js';
import { importOpenClip } from '../../src/model-import/open-clip/import-open-clip.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { followedVariant, maxDifference, readCases } from './golden-cases.js';
import { describeGoldenSets } from './golden-sets.js';

const encoderOptions = { providers: ['cpu'], threads: 1, batch: 8, timeoutMs: 60_000, queue: 1000 } as const;

/** Between ONNX Runtime and PyTorch on the same pixels or ids; 8e-7 is the most that was seen, on either set. */
const maxError = 1e-5;

describeGoldenSets('biomedclip', 'BiomedCLIP against the official code', (set) => {
  const cases = readCases(set);
  const modelsDir = mkdtempSync(path.join(tmpdir(), 'golden-models-'));
  let model: DualEncoder;
  let encoder: OnnxEncoder;

  beforeAll(async () => {
    await importOpenClip(set.modelFolder(), { name: 'tiny', modelsDir });
    model = await new ModelRegistry(modelsDir).load('tiny');
    encoder = new OnnxEncoder(model, encoderOptions);
  });

  afterAll(async () => {
    await encoder.close();
    await rm(modelsDir, { recursive: true });
  });

  it.each(cases.texts.filter(({ category }) => category !== 'ftfy-encoding'))(
    'gives the reference ids for the text “$id”',
    ({ text, ids }) => {
      expect([...model.tokenize(text)]).toEqual(ids);
    },
  );

  it('embeds the reference ids within 1e-5', async () => {
    const vectors = await encoder.embedTokens(
      cases.texts.map(({ ids }) => Int32Array.from(ids.slice(0, 256))),
      'bulk',
    );
    const differences = cases.texts.map((text, row) => ({
      id: text.id,
      difference: maxDifference(vectors[row] ?? [], text.normalized),
    }));
    expect(differences.filter(({ difference }) => !(difference <= maxError))).toEqual([]);
  });

  it.each(cases.images)('cuts the reference crop out of “$id”, value by value', async (image) => {
    const { image: raw } = await decodeImage(readFileSync(path.join(set.folder, image.file)));
    const crop = await readCrop(followedVariant(image).crop);
    expect(maxDifference(model.preprocess(raw), crop)).toBe(0);
  });

  it('embeds the reference pixels within 1e-5', async () => {
    const variants = cases.images.flatMap(({ id, variants: all }) =>
      Object.entries(all).map(([name, variant]) => ({ id: `${id}.${name}`, ...variant })),
    );
    const crops = await Promise.all(variants.map(({ crop }) => readCrop(crop)));
    const vectors = await encoder.embedImages(crops, 'bulk');
    const differences = variants.map(({ id, normalized }, row) => ({
      id,
      difference: maxDifference(vectors[row] ?? [], normalized),
    }));
    expect(differences.filter(({ difference }) => !(difference <= maxError))).toEqual([]);
  });

  it('embeds each image file within 1e-5', async () => {
    const files = cases.images.map(({ file }) => readFileSync(path.join(set.folder, file)));
    const pixels = await Promise.all(files.map(async (file) => model.preprocess((await decodeImage(file)).image)));
    const vectors = await encoder.embedImages(pixels, 'bulk');
    const differences = cases.images.map((image, row) => ({
      id: image.id,
      difference: maxDifference(vectors[row] ?? [], followedVariant(image).normalized),
    }));
    expect(differences.filter(({ difference }) => !(difference <= maxError))).toEqual([]);
  });

  it('gives the reference cosines of images with texts within 2e-5', async () => {
    const crops = await Promise.all(cases.images.map(({ variants }) => readCrop(variants['official']?.crop ?? '')));
    const images = await encoder.embedImages(crops, 'bulk');
    const texts = await encoder.embedTokens(
      cases.texts.map(({ ids }) => Int32Array.from(ids.slice(0, 256))),
      'bulk',
    );
    for (const [row, image] of images.entries()) {
      const cosines = texts.map((text) => dot(image, text));
      expect(maxDifference(cosines, cases.similarity.cosine[row] ?? [])).toBeLessThan(2e-5);
    }
  });

  it('embeds a padded batch as each text alone', async () => {
    const tokens = [
      model.tokenize('chest X-ray showing pneumonia'),
      model.tokenize(''),
      model.tokenize('lung '.repeat(90)),
    ];
    const together = await encoder.embedTokens(tokens, 'bulk');
    for (const [row, one] of tokens.entries()) {
      const [alone] = await encoder.embedTokens([one], 'bulk');
      expect(maxDifference(together[row] ?? [], alone ?? [])).toBeLessThan(1e-5);
    }
  });

  async function readCrop(name: string): Promise<Uint8Array> {
    return (await decodeImage(readFileSync(path.join(set.folder, name)))).image.data;
  }
});
