import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { OnnxSegmenter } from '../../src/adapters/onnx/onnx-segmenter.js';
import { segmentImage } from '../../src/masks/segment-image.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { sampleCorpus } from '../../src/samples/corpus.js';
import { run, startServer, newPlace, writeCorpus } from '../support/figseek-process.js';
import { askServer, type Answer } from '../support/mask-server.js';

// Another seed than what it was trained on, what showed its progress, and what docs/benchmarks.md tells.
const corpus = sampleCorpus({ count: 1600, seed: 60_606 });
const drawingsEach = 4;

interface Asked {
  readonly image: RawImage;
  /** 255 inside, one byte a pixel. */
  readonly truth: Uint8Array;
}

function* drawingsOf(kind: string, prompt: string): Generator<Asked> {
  for (const record of corpus.filter(({ labels }) => labels[0] === kind)) {
    const { image, masks } = record.drawWithMasks();
    const truth = masks.find((object) => object.prompt === prompt)?.mask;
    if (truth !== undefined) yield { image, truth };
  }
}

function diceOf(mask: Uint8Array, truth: Uint8Array): number {
  let [both, sum] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    const inside = (truth[i] ?? 0) > 127 ? 1 : 0;
    const drawn = mask[i] ?? 0;
    both += inside * drawn;
    sum += inside + drawn;
  }
  return (2 * both) / sum;
}

describe('the starter segmenter', () => {
  let client: OnnxSegmenter;

  beforeAll(async () => {
    const model = await new ModelRegistry(path.join(packageRoot, 'models')).loadSegmenter('starter-segmenter');
    const usual = { providers: ['cpu'], threads: 2, timeoutMs: 60_000, queue: 100, cacheBytes: 2 ** 26 } as const;
    client = new OnnxSegmenter(model, usual);
  });

  afterAll(async () => {
    await client.close();
  });

  it.each([
    ['chest radiograph', 'lung'],
    ['chest radiograph', 'left lung'],
    ['fundus photograph', 'optic disc'],
    ['dermoscopy image', 'skin lesion'],
    ['fluorescence microscopy of nuclei', 'nuclei'],
    ['brain MRI', 'tumour'],
    ['abdominal CT', 'liver'],
    ['abdominal CT', 'right kidney'],
  ])('draws in pictures that it never saw (%s) the %s, with a mean Dice of 0.85 or more', async (kind, prompt) => {
    const scores: number[] = [];
    for (const { image, truth } of drawingsOf(kind, prompt)) {
      const how = { size: null, imageType: null, priority: 'bulk' } as const;
      for await (const { mask } of segmentImage(client, image, [prompt], how)) scores.push(diceOf(mask.data, truth));
      if (scores.length === drawingsEach) break;
    }
    expect(scores).toHaveLength(drawingsEach);
    expect(scores.reduce((sum, dice) => sum + dice, 0) / scores.length).toBeGreaterThanOrEqual(0.85);
  });

  it('draws nothing where the object belongs to another kind of picture', async () => {
    const [chest] = drawingsOf('chest radiograph', 'lung');
    if (chest === undefined) throw new Error('there is a chest radiograph among 1600 figures');
    const how = { size: null, imageType: null, priority: 'bulk' } as const;
    for await (const { found, areaPixels } of segmentImage(client, chest.image, ['optic disc'], how)) {
      expect({ found, areaPixels }).toEqual({ found: false, areaPixels: 0 });
    }
  });
});

describe('a segmenter beside the starter', () => {
  it('serves in its place, and where there are several one has to be named', async () => {
    const models = mkdtempSync(path.join(tmpdir(), 'segmenters-'));
    const copy = (name: string, told: object) => {
      cpSync(path.join(packageRoot, 'models', 'starter-segmenter'), path.join(models, name), { recursive: true });
      const file = path.join(models, name, 'model.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...manifest, name, ...told }));
    };
    const registry = new ModelRegistry(models);
    copy('starter-segmenter', {});
    expect((await registry.segmenterManifest(null)).name).toBe('starter-segmenter');
    copy('mine', { source: 'BiomedParse v1' });
    expect((await registry.segmenterManifest(null)).name).toBe('mine');
    copy('other', { source: 'BiomedParse v1' });
    await expect(registry.segmenterManifest(null)).rejects.toThrow(/several segmenters \(mine, other\)/);
    expect((await registry.segmenterManifest('starter-segmenter')).name).toBe('starter-segmenter');
  });
});

describe('a fresh server', () => {
  it('answers a mask at once, and says that its segmenter is not for work', async () => {
    const place = newPlace();
    await run(place, ['ingest', await writeCorpus(1)]);
    const server = await startServer(place);
    const query = `{
      figures { nodes { mask(prompt: "lung", waitMs: 60000) { status model warning areaFraction } } }
      maskPrompts(imageType: "X-Ray-Chest") { prompt hasStatistics }
      models { name kind warning }
    }`;
    const { data, errors }: Answer<Told> = await askServer<Told>(server, query);
    await server.stop();
    expect(errors).toBeUndefined();
    const told = { warning: expect.stringContaining('not for work') };
    expect(data?.figures.nodes).toMatchObject([{ mask: { status: 'READY', model: 'starter-segmenter', ...told } }]);
    expect(data?.maskPrompts).toContainEqual({ prompt: 'left lung', hasStatistics: true });
    expect(data?.models).toContainEqual({ name: 'starter-segmenter', kind: 'segmenter', ...told });
  });
});

interface Told {
  readonly figures: { readonly nodes: readonly object[] };
  readonly maskPrompts: readonly object[];
  readonly models: readonly object[];
}
