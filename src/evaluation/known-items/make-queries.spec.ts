import { beforeAll, describe, expect, it } from '@jest/globals';
import { drawnArticle, drawnFigure, withArticle } from '../../../test/support/drawn-figures.js';
import { MemoryCorpus } from '../../../test/support/memory-corpus.js';
import { decodeImage } from '../../imaging/decode.js';
import { figureIdOf, type FigureId } from '../../domain/ids.js';
import type { QueryClassName } from './known-item-query.js';
import { makeQueries, measuredChanges, type MadeQueries } from './make-queries.js';

const count = 40;
const shared = 'arrows point at swollen mitochondria beside the nucleus of hepatocytes';

/** Every fifth caption holds the same phrase; each word `rarea`, `rareb`, … stands in four captions. */
function captionOf(number: number): string {
  const rare = `rare${String.fromCharCode(97 + (number % 10))}`;
  return `Figure of common tissue ${rare} with ${number % 5 === 0 ? shared : 'nothing else that could be told of it here'}`;
}

const id = (number: number): FigureId => figureIdOf(`figure-${number}`);

async function corpusOf(): Promise<MemoryCorpus> {
  const corpus = new MemoryCorpus();
  for (let number = 0; number < count; number++) {
    const drawn = drawnFigure(number);
    const captioned = { ...drawn, figure: { ...drawn.figure, caption: captionOf(number) } };
    const article = drawnArticle(`article-${number % 8}`, {
      pmcid: `PMC${number % 8}`,
      doi: `10.1000/${number % 8}`,
      journal: number % 8 < 6 ? 'The Large Journal' : 'The Small Journal',
    });
    await corpus.writer.replace([withArticle(captioned, article)]);
  }
  return corpus;
}

describe('known-item queries', () => {
  let corpus = new MemoryCorpus();
  beforeAll(async () => {
    corpus = await corpusOf();
  });

  const image = { width: 60, height: 40, data: Uint8Array.from({ length: 7200 }, (_, i) => (i * 7) & 0xff) };
  const made = (seed: string, asked = 12): Promise<MadeQueries> =>
    makeQueries(corpus, {
      ...{ seed, count: asked, judgments: [] },
      readImage: () => Promise.resolve(image),
      onProgress: () => undefined,
    });

  /** The texts of a class, each with what is right. */
  async function textsOf(name: QueryClassName): Promise<ReadonlyMap<string, ReadonlySet<FigureId>>> {
    const { classes } = await made('spec');
    const queries = classes.find((one) => one.name === name)?.queries ?? [];
    return new Map(queries.map(({ asked, wanted }) => [asked.kind === 'text' ? asked.text : '', wanted]));
  }

  it('ask for words that 2 to 6 captions hold, and for all figures with them', async () => {
    const words = await textsOf('rare-words');
    expect([...words.keys()].sort()).toEqual([...'abcdefghij'].map((letter) => `rare${letter}`));
    expect(words.get('rarec')).toEqual(new Set([2, 12, 22, 32].map(id)));
  });

  it('ask for a phrase, and take every caption that holds it as right', async () => {
    const phrases = await textsOf('phrases');
    const own = [...phrases].find(([text]) => shared.includes(text));
    expect(own?.[1]).toEqual(new Set([0, 5, 10, 15, 20, 25, 30, 35].map(id)));
    for (const [text] of phrases) expect(text.split(' ')).toHaveLength(6);
  });

  it('ask for ids of figures and articles, and for journals that not every figure is of', async () => {
    const keys = await textsOf('record-ids');
    expect(keys.size).toBe(12);
    for (const [key, wanted] of keys) expect(wanted).toEqual(new Set([figureIdOf(key)]));
    expect((await textsOf('pmcids')).get('PMC3')).toEqual(new Set([3, 11, 19, 27, 35].map(id)));
    expect((await textsOf('dois')).get('10.1000/7')).toEqual(new Set([7, 15, 23, 31, 39].map(id)));
    const journals = await textsOf('journals');
    expect([...journals.keys()]).toEqual(['The Small Journal']);
    expect(journals.get('The Small Journal')?.size).toBe(10);
  });

  it('ask by copies of the same images with each of ten changes', async () => {
    const { classes } = await made('spec');
    const copies = classes.filter(({ kind }) => kind === 'image');
    expect(copies.map(({ title }) => title).sort()).toEqual([...measuredChanges].sort());
    expect(copies).toHaveLength(10);
    const figures = copies.map(({ queries }) => queries.map(({ figureId }) => figureId));
    for (const one of figures) expect(one).toEqual(figures[0]);
    const turned = copies.find(({ title }) => title === 'rotated by 90°')?.queries[0]?.asked;
    if (turned?.kind !== 'image') throw new Error('Expected a copy of an image');
    expect((await decodeImage(await turned.read())).image).toMatchObject({ width: 40, height: 60 });
  });

  it('are the same for the same seed, and others for another', async () => {
    const textsBy = async (seed: string) =>
      (await made(seed)).classes.flatMap(({ queries }) => queries.map(({ figureId, wanted }) => [figureId, ...wanted]));
    const once = await textsBy('one');
    expect(await textsBy('one')).toEqual(once);
    expect(await textsBy('two')).not.toEqual(once);
  });

  it('say why a class has no queries', async () => {
    const empty = await makeQueries(new MemoryCorpus(), {
      ...{
        seed: 'spec',
        count: 5,
        judgments: [],
        readImage: () => Promise.resolve(image),
        onProgress: () => undefined,
      },
    });
    expect(empty).toMatchObject({ total: 0, classes: [] });
    expect(empty.absent).toContainEqual({ name: 'dois', title: 'A DOI', reason: 'no article has a DOI' });
  });
});
