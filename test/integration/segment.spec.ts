import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { figureIdOf } from '../../src/domain/ids.js';
import type { Segmenter, SegmenterInput } from '../../src/domain/segmenter.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { OnnxSegmenter, type SegmenterOptions } from '../../src/adapters/onnx/onnx-segmenter.js';
import type { cocoDocument } from '../../src/imaging/masks/coco.js';
import { encodeRunLength } from '../../src/imaging/masks/run-length.js';
import { segmentImage } from '../../src/masks/segment-image.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { newPlace, run, writeCorpus } from '../support/figseek-process.js';
import { GoldenFiles } from '../golden/biomedparse-cases.js';
import { repositorySet } from '../golden/golden-sets.js';
import { maxDifference } from '../golden/golden-cases.js';

const set = repositorySet('biomedparse');
const picture = path.join(set.folder, 'images', 'e1.png');
/** One in which the starter segmenter finds a lung, which is not in it. */
const grayPicture = path.join(set.folder, 'images', 'e4.png');

interface Line {
  readonly prompt: string;
  readonly found: boolean | null;
  readonly pValue: number | null;
  readonly areaPixels: number;
  readonly boxes: readonly { readonly area: number }[];
  readonly rle: { readonly size: readonly number[]; readonly counts: string };
  readonly polygons: readonly object[];
  readonly png: string | null;
}

describe('figseek segment', () => {
  const place = newPlace();
  const models = mkdtempSync(path.join(tmpdir(), 'segmenters-'));
  const env = { FIGSEEK_MODELS: models, FIGSEEK_INFERENCE_THREADS: '1' };

  beforeAll(async () => {
    const { code, stdout } = await run(place, ['models', 'import', set.modelFolder(), '--as', 'narrow'], env);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/CC-BY-NC-SA-4\.0/) });
  });

  it('draws a mask a prompt, as JSON lines and as PNG', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'masks-'));
    const prompts = ['--prompt', 'left lung', 'Edema', ' LEFT  lung', '--size', '256', '--out', out, '--json'];
    const { code, stdout, stderr } = await run(place, ['segment', picture, ...prompts], env);
    expect({ code, warned: /research only/.test(stderr) }).toEqual({ code: 0, warned: true });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(lines.map(({ prompt }) => prompt)).toEqual(['left lung', 'Edema']);
    for (const { areaPixels, boxes, rle, polygons, png } of lines) {
      expect(rle.size).toEqual([52, 75]);
      expect(boxes.reduce((sum, { area }) => sum + area, 0)).toBe(areaPixels);
      expect(polygons.length).toBeGreaterThanOrEqual(boxes.length);
      const { image } = await decodeImage(readFileSync(png ?? ''));
      expect(image.data.filter((value) => value === 255)).toHaveLength(3 * areaPixels);
    }
    expect(lines[0]?.pValue).toBeGreaterThan(0);
    expect(lines[1]).toMatchObject({ pValue: null, found: null });
  });

  it('takes the segmenter that a server takes, unless another one is named', async () => {
    const asked = ['segment', grayPicture, '--prompt', 'nuclei', '--json'];
    const ofServer = { ...env, FIGSEEK_SEGMENTER: 'starter-segmenter' };
    const { stdout } = await run(place, asked, ofServer);
    expect(stdout).toEqual((await run(place, [...asked, '--model', 'starter-segmenter'], env)).stdout);
    expect(stdout).not.toEqual((await run(place, [...asked, '--model', 'narrow'], ofServer)).stdout);
  });

  it('says in words which image types know a prompt, and draws a prompt once however it is written', async () => {
    const prompts = ['--prompt', 'Left lung', 'teapot', ' left  LUNG'];
    const { stdout } = await run(place, ['segment', grayPicture, '--model', 'starter-segmenter', ...prompts]);
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^Left lung: drawn \(CT-Chest and X-Ray-Chest both know it: say which by --image-type\), /),
      'teapot: nothing found',
    ]);
  });

  it('draws on a stored figure by its id, and writes a COCO document', async () => {
    const corpus = await writeCorpus(2);
    const [{ id = '' } = {}] = readFileSync(corpus, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id?: string });
    const figureId = figureIdOf(id);
    await run(place, ['ingest', corpus]);
    // The words for people name it too.
    expect((await run(place, ['search', 'image'])).stdout).toMatch(
      new RegExp(`^\\d\\. \\S+ {2}${figureId} {2}\\[`, 'm'),
    );
    const coco = path.join(mkdtempSync(path.join(tmpdir(), 'coco-')), 'masks.json');
    const args = ['segment', figureId, '--prompt', 'liver', 'tumor', '--size', '64', '--coco', coco, '--json'];
    const { code, stdout, stderr } = await run(place, args, env);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const [liver] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const document = JSON.parse(readFileSync(coco, 'utf8')) as ReturnType<typeof cocoDocument>;
    expect(document.images).toMatchObject([{ id: 1, file_name: figureId }]);
    expect(document.annotations[0]).toMatchObject({ area: liver?.areaPixels, segmentation: liver?.rle });
    expect(document.categories.map(({ name }) => name)).toEqual(['liver', 'tumor']);
    const none = await run(place, ['segment', `fig_${'0'.repeat(24)}`, '--prompt', 'liver'], env);
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/There is no figure fig_0+ in /)]);
  });

  it.each([
    [['--prompt', 'liver', '--size', '100'], 2, /multiple of 32/],
    [['--prompt', 'liver', '--model', 'nothing'], 3, /no usable model package/],
  ] as const)('refuses %j with a reason', async (args, expected, reason) => {
    const { code, stdout, stderr } = await run(place, ['segment', picture, ...args], env);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(reason);
  });

  it('refuses places that it cannot write to, before the model is opened', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'targets-'));
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const refused = [
      ['--out', file],
      ['--out', '/sys/nope'],
      ['--coco', folder],
      ['--coco', path.join(folder, 'none', 'masks.json')],
      ['--coco', path.join(file, 'masks.json')],
      ['--json', '--coco', '-'],
    ];
    for (const args of refused) {
      // A model that is not there is a fault of another code.
      const asked = ['segment', picture, '--prompt', 'liver', '--model', 'nothing', ...args];
      const { code, stdout, stderr } = await run(place, asked, env);
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr).toMatch(/^figseek: (--out: e|--coco: e|E)xpected .* but received .*\n$/);
    }
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('prints a COCO document alone', async () => {
    const asked = ['segment', grayPicture, '--prompt', 'left lung', '--model', 'starter-segmenter', '--coco', '-'];
    const { stdout, stderr } = await run(place, asked);
    expect(stderr).toMatch(/left lung: /);
    const document = JSON.parse(stdout) as ReturnType<typeof cocoDocument>;
    expect(document.info.segmenter).toMatchObject({ license: 'Apache-2.0', warning: expect.any(String) });
    expect(document.annotations).toMatchObject([{ attributes: { found: null, pValue: null } }]);
    expect(existsSync('-')).toBe(false);
  });

  it.each(['drawn-1-14', 'fig_nosuch'])('says what it expected in place of %s', async (given) => {
    const { code, stderr } = await run(place, ['segment', given, '--prompt', 'liver'], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /Expected an image file, or a figure’s id \(fig_….*\) but received .*: there is no such file/,
    );
  });

  it('lists the segmenter with its license and does not let it embed', async () => {
    const { stdout } = await run(place, ['models'], env);
    expect(stdout).toMatch(
      /^narrow {2}segmenter, 1024 pixels .* CC-BY-NC-SA-4\.0\n {2}BiomedParse is for research only/,
    );
    const used = await run(place, ['models', 'use', 'narrow'], env);
    expect({ code: used.code, said: /narrow is a segmenter/.test(used.stderr) }).toEqual({ code: 3, said: true });
    expect((await run(place, ['models', 'verify', 'narrow'], env)).code).toBe(0);
    const doctor = await run(place, ['doctor'], env);
    expect(doctor.stdout).toMatch(/segmenter.*narrow \(CC-BY-NC-SA-4\.0\): BiomedParse is for research only/);
  });

  it('says what is missing of a folder that it cannot import', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'parts-'));
    const nothing = await run(place, ['models', 'import', folder, '--as', 'parts'], env);
    expect(nothing.stderr).toMatch(/none of open_clip_config\.json .* biomedparse_v1\.pt .* model\.json/);
    copyFileSync(path.join(set.modelFolder(), 'biomedparse_v1.pt'), path.join(folder, 'biomedparse_v1.pt'));
    const parts = await run(place, ['models', 'import', folder, '--as', 'parts'], env);
    expect(parts.stderr).toMatch(/config\.yaml cannot be read/);
    expect(existsSync(path.join(models, 'parts'))).toBe(false);
  });

  let client: OnnxSegmenter | undefined;

  afterEach(async () => {
    await client?.close();
  });

  async function connected(options: Partial<SegmenterOptions>): Promise<{
    client: OnnxSegmenter;
    model: Segmenter;
    input: SegmenterInput;
  }> {
    const model = await new ModelRegistry(models).loadSegmenter(null);
    const usual = { providers: ['cpu'], threads: 1, timeoutMs: 60_000, queue: 8, cacheBytes: 2 ** 28 } as const;
    client = new OnnxSegmenter(model, { ...usual, ...options });
    return { client, model, input: model.preprocess(await new GoldenFiles(set).image('images/e1.png'), 256) };
  }

  /** The run lengths of each prompt's mask. */
  async function asked(prompts: readonly string[], imageType: string | null = null): Promise<string[]> {
    const { client: drawing } = await connected({});
    const how = { size: 256, imageType, priority: 'bulk' } as const;
    const found: string[] = [];
    for await (const { mask } of segmentImage(
      drawing,
      await new GoldenFiles(set).image('images/e1.png'),
      prompts,
      how,
    )) {
      found.push(encodeRunLength(mask).counts);
    }
    return found;
  }

  it('gives a prompt the same mask whatever was asked beside it', async () => {
    const [, second] = await asked(['kidney', 'liver', 'tumor']);
    await client?.close();
    expect(await asked(['liver'])).toEqual([second]);
  });

  it('refuses an empty prompt and an unknown image type before the model runs', async () => {
    await expect(asked(['liver', ' '])).rejects.toThrow(/Expected a prompt/);
    await expect(asked(['liver'], 'Plant')).rejects.toThrow(/knows no image type Plant; it knows X-Ray-Chest/);
  });

  it('encodes a picture once for many prompts, and again where its features are too large to keep', async () => {
    const encoded = async (cacheBytes: number) => {
      const { client: drawing, model, input } = await connected({ cacheBytes });
      const masks = [];
      for (const prompt of ['liver', 'tumor']) masks.push(await drawing.segment(input, model.tokenize(prompt), 'bulk'));
      await drawing.close();
      return masks;
    };
    const kept = await encoded(2 ** 28);
    expect(kept.map(({ imageMs }) => imageMs !== null)).toEqual([true, false]);
    const again = await encoded(1000);
    expect(again.map(({ imageMs }) => imageMs !== null)).toEqual([true, true]);
    expect(maxDifference(kept[1]?.logits ?? [], again[1]?.logits ?? [])).toBe(0);
  });

  it('answers after its process was killed', async () => {
    const { client: drawing, model, input } = await connected({});
    await drawing.start();
    const answers = ['liver', 'tumor', 'kidney'].map((prompt) =>
      drawing.segment(input, model.tokenize(prompt), 'bulk'),
    );
    process.kill(drawing.pid ?? 0, 'SIGKILL');
    expect(await Promise.all(answers)).toHaveLength(3);
    expect(drawing.status()).toMatchObject({ ready: true, restarts: 1 });
  });
});
