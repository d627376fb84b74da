import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeRunLength } from '../../src/imaging/masks/run-length.js';
import { sampleCorpus } from '../../src/samples/corpus.js';
import { startServer, type Server } from '../support/figseek-process.js';
import { askServer, corpusOf, masksMade, type Answer, type Corpus } from '../support/mask-server.js';

interface MaskData {
  readonly id: string;
  readonly prompt: string;
  readonly imageType: string;
  readonly isRecognised: boolean;
  readonly found: boolean;
  readonly pValue: number;
  readonly areaPixels: number;
  readonly rle: { readonly size: readonly [number, number]; readonly counts: string };
  readonly pngUrl: string;
}

interface Told {
  readonly status: string;
  readonly error: string | null;
  readonly imageType: string;
  readonly panel: { readonly id: string };
  readonly masks: readonly MaskData[];
}

const query = `query ($id: ID!, $imageType: String!, $minPValue: Float, $waitMs: Int) {
  figure(id: $id) { recognise(imageType: $imageType, minPValue: $minPValue, waitMs: $waitMs) { status error imageType
    panel { id } masks { id prompt imageType isRecognised found pValue areaPixels rle pngUrl } } } }`;

/** Of the drawn corpus, by its place in it. */
const [chestCt, abdominalCt] = [0, 5];

describe('recognition of all objects', () => {
  let corpus: Corpus;
  let server: Server;
  const ids = new Map<string, string>();
  const records = [...sampleCorpus({ count: 8 })];

  beforeAll(async () => {
    corpus = await corpusOf(records.length);
    server = await startServer(corpus.place);
    const { data } = await askServer<{ figures: { nodes: readonly { id: string; sourceKey: string }[] } }>(
      server,
      '{ figures { nodes { id sourceKey } } }',
    );
    for (const { id, sourceKey } of data?.figures.nodes ?? []) ids.set(sourceKey, id);
  });

  afterAll(async () => {
    await server.stop();
  });

  function ask(place: number, imageType: string, more: object = {}) {
    const variables = { id: ids.get(records[place]?.id ?? ''), imageType, waitMs: 120_000, ...more };
    return askServer<{ figure: { recognise: Told } }>(server, query, variables);
  }

  async function recognised(place: number, imageType: string, more: object = {}): Promise<Told> {
    const { data, errors } = await ask(place, imageType, more);
    expect(errors).toBeUndefined();
    if (data === undefined) throw new Error('nothing was recognised');
    return data.figure.recognise;
  }

  it('finds the organs of a drawn CT, each where it is, no pixel in two of them', async () => {
    const { masks, ...told } = await recognised(abdominalCt, 'ct abdomen');
    const figure = ids.get(records[abdominalCt]?.id ?? '') ?? '';
    expect(told).toEqual({
      ...{ status: 'READY', error: null, imageType: 'CT-Abdomen' },
      panel: { id: `${figure.replace('fig_', 'pan_')}_0` },
    });
    const truth = new Map(records[abdominalCt]?.drawWithMasks().masks.map(({ prompt, mask }) => [prompt, mask]));
    const owners = new Uint8Array(truth.get('liver')?.length ?? 0);
    for (const { prompt, rle, areaPixels, isRecognised, found, pValue, imageType } of masks) {
      const { data } = decodeRunLength(rle);
      data.forEach((inside, i) => (owners[i] = (owners[i] ?? 0) + inside));
      expect(data.reduce((sum, inside) => sum + inside, 0)).toBe(areaPixels);
      expect({ isRecognised, found, imageType }).toEqual({
        ...{ isRecognised: true, found: true, imageType: 'CT-Abdomen' },
      });
      expect(pValue).toBeGreaterThanOrEqual(0.05);
      expect({ prompt, dice: dice(data, truth.get(prompt)) >= 0.8 }).toEqual({ prompt, dice: true });
    }
    expect(Math.max(...owners)).toBe(1);
    const prompts = masks.map(({ prompt }) => prompt);
    expect(prompts).toEqual(expect.arrayContaining(['liver', 'spleen']));
    // “Kidney” lies on each of the two, or each of them on it: never all three.
    expect(prompts.filter((prompt) => prompt.endsWith('kidney')).length).toBeLessThan(3);
    const pValues = masks.map(({ pValue }) => pValue);
    expect(pValues).toEqual(pValues.toSorted((a, b) => b - a));
  });

  it('is made once: asked again, by another spelling, or after a restart it gives the same masks', async () => {
    const first = await recognised(abdominalCt, 'CT-Abdomen');
    const made = await masksMade(corpus.place);
    expect(await recognised(abdominalCt, 'CT ABDOMEN', { waitMs: 0 })).toEqual(first);
    await server.stop();
    server = await startServer(corpus.place);
    expect(await recognised(abdominalCt, 'CT-Abdomen', { waitMs: 0 })).toEqual(first);
    expect(await masksMade(corpus.place)).toBe(made);
  });

  it('gives masks like any other: nodes, PNGs, among the figure’s masks, seen by hasMask', async () => {
    const { masks } = await recognised(abdominalCt, 'CT-Abdomen');
    const liver = masks.find(({ prompt }) => prompt === 'liver');
    const { data } = await askServer(
      server,
      `query ($id: ID!, $figure: ID!) { node(id: $id) { ... on Mask { prompt isRecognised } }
        figure(id: $figure) { masks { id } }
        figures(filter: { hasMask: { prompt: "liver" } }) { nodes { id } } }`,
      { id: liver?.id, figure: ids.get(records[abdominalCt]?.id ?? '') },
    );
    expect(data).toEqual({
      node: { prompt: 'liver', isRecognised: true },
      figure: { masks: expect.arrayContaining(masks.map(({ id }) => ({ id }))) },
      figures: { nodes: [{ id: ids.get(records[abdominalCt]?.id ?? '') }] },
    });
    const png = await fetch(`${server.url}${liver?.pngUrl ?? ''}`);
    expect([png.status, png.headers.get('content-type')]).toEqual([200, 'image/png']);
  });

  it('is another mask than the one by its prompt alone, which it does not change', async () => {
    const { masks } = await recognised(abdominalCt, 'CT-Abdomen');
    const { data }: Answer<{ figure: { mask: { id: string; isRecognised: boolean } } }> = await askServer(
      server,
      `query ($id: ID!) { figure(id: $id) { mask(prompt: "liver", waitMs: 120000) { id isRecognised } } }`,
      { id: ids.get(records[abdominalCt]?.id ?? '') },
    );
    expect(data?.figure.mask.isRecognised).toBe(false);
    expect(masks.map(({ id }) => id)).not.toContain(data?.figure.mask.id);
  });

  it('leaves out what is less plausible than asked, and finds nothing in a picture of another kind', async () => {
    const all = await recognised(chestCt, 'CT-Chest', { minPValue: 0 });
    const few = await recognised(chestCt, 'CT-Chest', { minPValue: 0.999 });
    expect(all.masks.length).toBeGreaterThan(0);
    expect(few).toMatchObject({ status: 'READY', masks: [] });
    const strange = await recognised(chestCt, 'Dermoscopy');
    expect(strange).toMatchObject({ status: 'READY', masks: [] });
  });

  it('answers PENDING at once, joins those who wait, and refuses what it cannot do', async () => {
    const [pending, ready, also] = await Promise.all([
      recognised(chestCt, 'X-Ray-Chest', { waitMs: 0 }),
      recognised(chestCt, 'X-Ray-Chest'),
      recognised(chestCt, 'X-Ray-Chest'),
    ]);
    expect(pending).toMatchObject({ status: 'PENDING', masks: [] });
    expect(ready).toEqual(also);
    expect(ready.status).toBe('READY');
    for (const [imageType, more, message] of [
      ['Papyrus', {}, /^starter-segmenter knows no image type Papyrus; it knows Agar-Plate, /],
      ['CT-Chest', { minPValue: 2 }, /^Expected minPValue to be from 0 to 1 but received 2$/],
      ['CT-Chest', { waitMs: -1 }, /^Expected waitMs/],
    ] as const) {
      const { errors } = await ask(chestCt, imageType, more);
      expect(errors?.[0]?.message).toMatch(message);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

function dice(mask: Uint8Array, truth: Uint8Array | undefined): number {
  let [both, sum] = [0, 0];
  mask.forEach((inside, i) => {
    const isTrue = Number((truth?.[i] ?? 0) > 127);
    both += inside * isTrue;
    sum += inside + isTrue;
  });
  return (2 * both) / sum;
}
