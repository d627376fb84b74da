import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeImage } from '../../src/imaging/decode.js';
import { run, startServer, type Server } from '../support/figseek-process.js';
import { askServer, corpusOf, masksMade, withSegmenter, type Answer, type Corpus } from '../support/mask-server.js';

interface MaskData {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly prompt: string;
  readonly found: boolean | null;
  readonly pValue: number | null;
  readonly similarity: number;
  readonly areaPixels: number;
  readonly areaFraction: number;
  readonly boxes: readonly { readonly width: number; readonly height: number }[];
  readonly polygons: readonly (readonly (readonly number[])[])[];
  readonly rle: { readonly size: readonly number[]; readonly counts: string };
  readonly pngUrl: string;
  readonly overlayUrl: string;
}
interface Told extends Omit<MaskData, 'polygons'> {
  readonly polygons: readonly { readonly outer: object[]; readonly holes: readonly object[][] }[];
}
type Asked = Answer<{ figure: { mask: MaskData } }>;

const fields = `id status error prompt model found pValue similarity areaPixels areaFraction
  boxes { x y width height } polygons rle pngUrl overlayUrl(color: "#E6194B") panel { id }`;
const maskQuery = `query ($id: ID!, $prompt: String!, $waitMs: Int) {
  figure(id: $id) { mask(prompt: $prompt, waitMs: $waitMs) { ${fields} } } }`;

describe('masks on demand', () => {
  let corpus: Corpus;
  let env: Record<string, string>;
  let server: Server;
  let figures: readonly { readonly id: string; readonly sourceKey: string }[];

  beforeAll(async () => {
    corpus = await corpusOf(6);
    env = await withSegmenter(corpus.place);
    server = await startServer(corpus.place, env);
    const { data } = await askServer<{ figures: { nodes: typeof figures } }>(
      server,
      '{ figures { nodes { id sourceKey } } }',
    );
    figures = data?.figures.nodes ?? [];
  });

  afterAll(async () => {
    await server.stop();
  });

  async function mask(figure: number, prompt: string, waitMs?: number): Promise<MaskData | undefined> {
    const { data, errors }: Asked = await askServer(server, maskQuery, { id: figures[figure]?.id, prompt, waitMs });
    expect(errors).toBeUndefined();
    return data?.figure.mask;
  }

  it('draws what figseek segment draws for the same picture and prompt', async () => {
    const drawn = await mask(0, '  Left   lung', 120_000);
    const picture = path.join(path.dirname(corpus.file), 'images', `${figures[0]?.sourceKey ?? ''}.png`);
    const { stdout } = await run(corpus.place, ['segment', picture, '--prompt', 'left lung', '--json'], env);
    const told = JSON.parse(stdout) as Told;
    expect(drawn).toMatchObject({
      ...{ status: 'READY', error: null, prompt: 'Left lung', model: 'narrow' },
      ...{ found: told.found, pValue: told.pValue, areaPixels: told.areaPixels, rle: told.rle },
      polygons: told.polygons.flatMap(({ outer, holes }) => [outer, ...holes]),
      panel: { id: `${figures[0]?.id.replace('fig_', 'pan_') ?? ''}_0` },
    });
    expect(drawn?.boxes.map(({ width, height }) => [width, height])).toEqual(
      told.boxes.map(({ width, height }) => [width, height]),
    );
    const [height = 0, width = 0] = told.rle.size;
    expect(drawn?.areaFraction).toBeCloseTo(told.areaPixels / (width * height), 10);
  });

  it('serves a mask and its overlay as PNG of the panel’s size, once', async () => {
    const drawn = await mask(0, 'left lung');
    const png = await fetch(`${server.url}${drawn?.pngUrl ?? ''}`);
    const { image } = await decodeImage(new Uint8Array(await png.arrayBuffer()));
    expect([image.height, image.width]).toEqual(drawn?.rle.size);
    expect(new Set(image.data)).toEqual(new Set([0, 255]));
    expect(image.data.filter((value) => value === 255)).toHaveLength(3 * (drawn?.areaPixels ?? 0));
    expect(drawn?.overlayUrl).toMatch(/\/overlay\.png\?color=e6194b$/);
    const overlay = await fetch(`${server.url}${drawn?.overlayUrl ?? ''}`);
    const laid = await decodeImage(new Uint8Array(await overlay.arrayBuffer()), { alpha: 'left-out' });
    const red = laid.image.data.filter((value, i) => i % 3 === 0 && value === 0xe6);
    expect(red).toHaveLength(drawn?.areaPixels ?? 0);
    const etag = overlay.headers.get('etag') ?? '';
    // `fetch` itself would say that it wants no cached answer.
    const again = request(`${server.url}${drawn?.overlayUrl ?? ''}`, { headers: { 'If-None-Match': etag } });
    again.end();
    const [{ statusCode }] = (await once(again, 'response')) as [IncomingMessage];
    expect([overlay.status, statusCode]).toEqual([200, 304]);
    const small = await fetch(`${server.url}${drawn?.overlayUrl ?? ''}&size=64`);
    const { image: thumbnail } = await decodeImage(new Uint8Array(await small.arrayBuffer()), { alpha: 'left-out' });
    expect(Math.max(thumbnail.width, thumbnail.height)).toBe(64);
    const wrong = [
      `/masks/msk_0.png`,
      `/masks/${drawn?.id ?? ''}.png?size=x`,
      `/masks/${drawn?.id ?? ''}/overlay.png?color=red`,
    ];
    const statuses = await Promise.all(wrong.map(async (url) => (await fetch(`${server.url}${url}`)).status));
    expect(statuses).toEqual([404, 400, 400]);
  });

  it('answers PENDING at once and READY later, and does not draw a mask twice', async () => {
    const pending = await mask(1, 'liver', 0);
    expect(pending).toMatchObject({ status: 'PENDING', areaPixels: null, rle: null, pngUrl: null });
    const ready = await mask(1, 'liver', 120_000);
    expect(ready).toMatchObject({ id: pending?.id, status: 'READY' });
    const made = await masksMade(corpus.place);
    expect(await mask(1, 'LIVER', 0)).toEqual({ ...ready, prompt: 'LIVER' });
    const node = await askServer(
      server,
      `query ($id: ID!) { node(id: $id) { __typename ... on Mask { ${fields} } } }`,
      {
        id: ready?.id,
      },
    );
    expect(node.data).toEqual({ node: { __typename: 'Mask', ...ready } });
    expect(await masksMade(corpus.place)).toBe(made);
  });

  it('answers 60 at once for 6 figures and 5 prompts by 30 runs of the model, and searches meanwhile', async () => {
    const prompts = ['kidney', 'tumor', 'edema', 'right lung', 'optic disc'];
    const before = await masksMade(corpus.place);
    const asked = Array.from({ length: 60 }, (_, i) => mask(i % 6, prompts[Math.floor(i / 6) % 5] ?? '', 300_000));
    const search = '{ searchFigures(query: {text: "blood smear"}, first: 3) { nodes { figure { id } } } }';
    const found = await askServer<{ searchFigures: { nodes: object[] } }>(server, search);
    expect(found.data?.searchFigures.nodes).toHaveLength(3);
    const answers = await Promise.all(asked);
    expect(answers.map((one) => one?.status)).toEqual(Array(60).fill('READY'));
    expect(answers.slice(0, 30)).toEqual(answers.slice(30));
    expect(new Set(answers.map((one) => one?.id)).size).toBe(30);
    expect(await masksMade(corpus.place)).toBe(before + 30);
    // Each alone gives the same: what else was asked changes nothing.
    const { stdout } = await run(
      corpus.place,
      [
        'segment',
        path.join(path.dirname(corpus.file), 'images', `${figures[3]?.sourceKey ?? ''}.png`),
        ...['--prompt', 'edema', '--json'],
      ],
      env,
    );
    expect((JSON.parse(stdout) as MaskData).rle).toEqual(answers[15]?.rle);
  });

  it('makes masks of many figures in the background, and tells how far it is', async () => {
    const job = 'id status done total masks { status prompt }';
    const figureIds = figures.slice(0, 2).map(({ id }) => id);
    const begun = await askServer<{ requestMasks: { id: string; total: number } }>(
      server,
      `mutation ($figureIds: [ID!]!) { requestMasks(figureIds: $figureIds, prompts: ["bone", "Bone ", "heart"]) { ${job} } }`,
      { figureIds },
    );
    expect(begun.data?.requestMasks).toMatchObject({ status: 'PENDING', total: 4 });
    // A person who asks for one of them takes it along (src/masks/masks.spec.ts shows the order).
    expect(await mask(1, 'heart', 120_000)).toMatchObject({ status: 'READY' });
    await Promise.all([mask(0, 'bone', 120_000), mask(0, 'heart', 120_000), mask(1, 'bone', 120_000)]);
    const ended = await askServer(server, `query ($id: ID!) { node(id: $id) { ... on MaskJob { ${job} } } }`, {
      id: begun.data?.requestMasks.id,
    });
    expect(ended.data).toMatchObject({ node: { status: 'READY', done: 4, total: 4 } });
    const { data } = await askServer(server, '{ stats { masks } }');
    const { data: all } = await askServer<{ figures: { nodes: { masks: object[] }[] } }>(
      server,
      '{ figures { nodes { masks { id } } } }',
    );
    const masks = all?.figures.nodes.reduce((sum, one) => sum + one.masks.length, 0);
    expect(data).toEqual({ stats: { masks } });
  });

  it('knows the prompts of its segmenter, by image type', async () => {
    const prompts = '{ maskPrompts(imageType: "x-ray-chest") { imageType prompt hasStatistics } }';
    const { data } = await askServer<{ maskPrompts: object[] }>(server, prompts);
    expect(data?.maskPrompts).toContainEqual({ imageType: 'X-Ray-Chest', prompt: 'left lung', hasStatistics: true });
  });

  it.each([
    ['an empty prompt', 'mask(prompt: " ") { id }', 'BAD_USER_INPUT'],
    ['a prompt with a mark of the model', 'mask(prompt: "lung <|endoftext|>") { id }', 'BAD_USER_INPUT'],
    ['a panel of another figure', 'mask(prompt: "liver", panelId: "pan_0_0") { id }', 'BAD_USER_INPUT'],
    ['a wait without end', 'mask(prompt: "liver", waitMs: 9000000) { id }', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_name, field, code) => {
    const { errors } = await askServer(server, `query ($id: ID!) { figure(id: $id) { ${field} } }`, {
      id: figures[0]?.id,
    });
    expect(errors?.[0]?.extensions.code).toBe(code);
  });
});
