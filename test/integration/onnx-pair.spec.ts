import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { GraphWriter } from '../../src/model-import/onnx/graph-writer.js';
import { crop } from '../../src/imaging/crop.js';
import { encodePng } from '../../src/imaging/encode.js';
import { prepareImage } from '../../src/imaging/preprocess/preprocess.js';
import { drawingOf } from '../support/compound-figure.js';
import { newPlace, run } from '../support/figseek-process.js';

const starter = path.join(packageRoot, 'models', 'starter');
const starterManifest = JSON.parse(readFileSync(path.join(starter, 'model.json'), 'utf8')) as Record<string, unknown>;

/** What somebody writes who has two graphs and a vocabulary. */
const short = {
  kind: 'dual-encoder',
  ...Object.fromEntries(
    ['dimensions', 'contextLength', 'imageSize', 'mean', 'std', 'resize'].map((key) => [key, starterManifest[key]]),
  ),
  image: 'image.onnx',
  text: 'text.onnx',
  vocabulary: 'vocab.txt',
  license: 'Apache-2.0',
};

/** The starter's files with another `model.json`, and a folder for packages. */
function places(description: object) {
  const folder = mkdtempSync(path.join(tmpdir(), 'onnx-pair-'));
  for (const file of ['image.onnx', 'image.data', 'text.onnx', 'text.data', 'vocab.txt', 'support.onnx']) {
    copyFileSync(path.join(starter, file), path.join(folder, file));
  }
  writeFileSync(path.join(folder, 'model.json'), JSON.stringify(description));
  const models = mkdtempSync(path.join(tmpdir(), 'onnx-pair-models-'));
  return { folder, models, env: { FIGSEEK_MODELS: models } };
}

/** A graph that gives ones for any pixels, or whatever `change` makes of it. */
async function writeImageGraph(folder: string, { input = 'pixels', weights = 'own.data' } = {}): Promise<void> {
  const graph = await GraphWriter.create(folder, 'own');
  const pixels = graph.input(input, 'uint8', ['batch', 224, 224, 3]);
  const mean = graph.op('ReduceMean', [graph.cast(pixels, 'float32')], { axes: [1, 2, 3], keepdims: 0 });
  const row = graph.storedAsFloat32(await graph.store(new Float32Array(256).fill(1), [1, 256]));
  const column = graph.op('Unsqueeze', [mean, graph.integers([1])]);
  graph.output(graph.op('MatMul', [column, row]), 'embedding', 'float32', ['batch', 256]);
  await graph.finish();
  const file = path.join(folder, 'own.onnx');
  if (weights !== 'own.data') writeFileSync(file, readFileSync(file, 'latin1').replace('own.data', weights), 'latin1');
}

describe('a dual encoder in ONNX with a model.json', () => {
  it('is imported, gives the vectors that it gave, and can be used', async () => {
    const { folder, env } = places(short);
    const place = newPlace();
    const { code, stdout } = await run(place, ['models', 'import', folder, '--as', 'pair'], env);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/Imported pair/) as unknown });
    const texts = path.join(folder, 'texts.txt');
    writeFileSync(texts, 'blood smear\n');
    const embed = (extra: Readonly<Record<string, string>>) => run(place, ['embed', '--texts', texts], extra);
    const vectorOf = ({ stdout: line }: { stdout: string }) => (JSON.parse(line) as { vector: number[] }).vector;
    const own = vectorOf(await embed({ ...env, FIGSEEK_MODEL: 'pair' }));
    expect(own).toHaveLength(Number(starterManifest['dimensions']));
    expect(own).toEqual(vectorOf(await embed({})));
  });

  it.each([
    ['longest-bilinear-pillow', { resizeMode: 'longest', interpolation: 'bilinear', fill: 255 }],
    ['squash-bicubic-pillow', { resizeMode: 'squash', interpolation: 'bicubic', fill: 0 }],
  ] as const)('takes images in the way that it names: %s', async (resize, preparation) => {
    const { folder, env } = places({ ...short, resize, fill: preparation.fill });
    const place = newPlace();
    expect(await run(place, ['models', 'import', folder, '--as', 'pair'], env)).toMatchObject({ code: 0 });
    const image = drawingOf('blood smear');
    const wide = crop(image, { x: 0, y: 0, width: 1, height: 0.4 });
    const [given, prepared] = ['given.png', 'prepared.png'].map((name) => path.join(folder, name));
    writeFileSync(given ?? '', await encodePng(wide));
    // A square of the model's size is taken as it is, by every package.
    const data = prepareImage(wide, { size: 224, ...preparation });
    writeFileSync(prepared ?? '', await encodePng({ width: 224, height: 224, data }));
    const vectorOf = async (file: string | undefined, extra: Readonly<Record<string, string>>) => {
      const { stdout } = await run(place, ['embed', '--images', file ?? ''], extra);
      return (JSON.parse(stdout) as { vector: number[] }).vector;
    };
    const own = await vectorOf(given, { ...env, FIGSEEK_MODEL: 'pair' });
    expect(own).toEqual(await vectorOf(prepared, {}));
    expect(own).not.toEqual(await vectorOf(given, {}));
  });

  it('is refused where it takes images in a way that is not known', async () => {
    const { folder, env } = places({ ...short, resize: 'shortest-lanczos-pillow' });
    const { code, stderr } = await run(newPlace(), ['models', 'import', folder, '--as', 'pair'], env);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/resize: .*squash-bicubic-pillow/) as unknown,
    });
  });

  it('is sound with a context so short that long texts become the same', async () => {
    const { folder, env } = places({ ...short, contextLength: 20 });
    const place = newPlace();
    const { code, stderr } = await run(place, ['models', 'import', folder, '--as', 'brief'], env);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const verified = await run(place, ['models', 'verify', 'brief'], env);
    expect(verified).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/ok {2}different texts differ/) as unknown,
    });
  });

  it('may come as a package of figseek, from another machine', async () => {
    const { folder, models, env } = places(starterManifest);
    await run(newPlace(), ['models', 'import', folder, '--as', 'moved'], env);
    const moved = JSON.parse(readFileSync(path.join(models, 'moved', 'model.json'), 'utf8')) as Record<string, unknown>;
    // Its version too: the vectors that it made there are its vectors here.
    expect(moved).toEqual({ ...starterManifest, name: 'moved' });
    writeFileSync(path.join(folder, 'vocab.txt'), 'changed');
    const changed = await run(newPlace(), ['models', 'import', folder, '--as', 'changed'], env);
    expect(changed.stderr).toMatch(/refused/);
  });

  it.each([
    ['has no such graph', { image: 'other.onnx' }, /other\.onnx.*ENOENT/],
    ['names a file elsewhere', { image: '../image.onnx' }, /image: .*name of a file beside model\.json/],
    [
      'has another size of vectors',
      { dimensions: 100 },
      /image\.onnx gives embedding float32 \[\?, 256\]; expected embedding float32 \[\?, 100\]/,
    ],
    ['has a graph that is none', { image: 'vocab.txt' }, /vocab\.txt: it is no ONNX model/],
    ['has its graphs confused', { image: 'text.onnx' }, /text\.onnx takes input_ids int32 .* expected pixels uint8/],
    ['lacks a field', { mean: undefined }, /mean: /],
    ['has another tokenizer', { vocabulary: 'image.data' }, /the tokenizer is image\.data; expected vocab\.txt/],
  ])('is refused where it %s', async (_what, change, reason) => {
    const { folder, models, env } = places({ ...short, ...change });
    const { code, stderr } = await run(newPlace(), ['models', 'import', folder, '--as', 'pair'], env);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(reason) as unknown });
    expect(existsSync(path.join(models, 'pair'))).toBe(false);
  });

  it.each([
    ['a context that its graph does not take', { contextLength: 4000 }, '', /texts of 4000 tokens with ids up to \d+/],
    ['more tokens than its graph knows', {}, 'of\nmore\ntokens\n', /texts of \d+ tokens with ids up to \d+/],
  ])('is refused where it names %s, in one line', async (_what, change, more, tried) => {
    const { folder, models, env } = places({ ...short, ...change });
    appendFileSync(path.join(folder, 'vocab.txt'), more);
    const { code, stderr } = await run(newPlace(), ['models', 'import', folder, '--as', 'pair'], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(tried);
    expect(stderr).toMatch(/^figseek: The text graph could not run .* does not fit the graph \(.+\)\n$/m);
    expect(existsSync(path.join(models, 'pair'))).toBe(false);
  });

  it('is refused in another precision than its own: it is taken as it is', async () => {
    const { folder, models, env } = places(short);
    const { code, stderr } = await run(newPlace(), ['models', 'import', folder, '--precision', 'int8'], env);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/taken as it is, here fp32, not as int8/) as unknown,
    });
    expect(readdirSync(models)).toEqual([]);
  });

  it('is refused where it gives vectors that are not of unit length', async () => {
    const { folder, models, env } = places({ ...short, image: 'own.onnx' });
    await writeImageGraph(folder);
    const { code, stderr } = await run(newPlace(), ['models', 'import', folder, '--as', 'pair'], env);
    expect(code).toBe(3);
    expect(stderr).toMatch(/an embedding .* unit length/);
    expect(existsSync(path.join(models, 'pair'))).toBe(false);
  });

  it('is refused where its graph names a file of weights outside of the folder, or an input that is not ours', async () => {
    const outside = places({ ...short, image: 'own.onnx' });
    await writeImageGraph(outside.folder, { weights: '../a.dat' });
    const { stderr } = await run(newPlace(), ['models', 'import', outside.folder, '--as', 'pair'], outside.env);
    expect(stderr).toMatch(/own\.onnx names "\.\.\/a\.dat" as the file of its weights; expected one beside it/);
    const named = places({ ...short, image: 'own.onnx' });
    await writeImageGraph(named.folder, { input: 'images' });
    const other = await run(newPlace(), ['models', 'import', named.folder, '--as', 'pair'], named.env);
    expect(other.stderr).toMatch(/own\.onnx takes images uint8 \[\?, 224, 224, 3\]; expected pixels uint8/);
  });
});
