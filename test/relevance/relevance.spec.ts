import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Channel } from '../../src/domain/search.js';
import { wordsOf, type TextQuery } from '../../src/evaluation/known-items/caption-queries.js';
import { comparePaired } from '../../src/evaluation/statistics.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { pictureEdits } from '../../src/imaging/pictures/picture-edits.js';
import type { Term } from '../../src/search/search-request.js';
import { writeCorpus } from '../support/figseek-process.js';
import { RelevanceCorpus, withoutDescriptions } from '../support/relevance-corpus.js';
import {
  RelevanceQueries,
  meanOf,
  qualityOf,
  seed,
  type AnswerQuality,
  type LabeledRecord,
} from '../support/relevance-queries.js';
import { describeWithShared, sharedDir } from '../support/shared.js';

/** Much of it is the ingest of all figures, which compares their pictures as well. */
const timeout = 1_200_000;

type ImageRecord = LabeledRecord & { readonly image: string };

const channels: readonly Channel[] = ['IMAGE', 'CAPTION', 'KEYWORD'];
const measures = ['recallAt10', 'rPrecision'] as const;

const byText = (text: string): Term => ({ kind: 'text', text, weight: 1 });

function readRecords(file: string): readonly ImageRecord[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ImageRecord);
}

/** Fails where the fused answer is worse than that of the best channel, beyond the 95 % interval of the difference. */
async function expectNoneBetter(
  corpus: RelevanceCorpus,
  name: string,
  queries: readonly TextQuery[],
): Promise<readonly AnswerQuality[]> {
  const qualities = async (channel?: Channel): Promise<readonly AnswerQuality[]> => {
    const each: AnswerQuality[] = [];
    for (const { text, wanted } of queries) each.push(qualityOf(await corpus.find(byText(text), channel), wanted));
    return each;
  };
  const fused = await qualities();
  const table: Record<string, string> = {};
  const worse: string[] = [];
  for (const channel of channels) {
    const alone = await qualities(channel);
    for (const measure of measures) {
      const [ours, theirs] = [fused, alone].map((qualities) => qualities.map((quality) => quality[measure]));
      const comparison = comparePaired(ours ?? [], theirs ?? [], { seed });
      if (comparison !== null && comparison.difference.high < 0) worse.push(`${channel} has the better ${measure}`);
      table[`${channel} ${measure}`] = meanOf(alone.map((quality) => quality[measure])).toFixed(3);
    }
  }
  for (const measure of measures) table[`fused ${measure}`] = meanOf(fused.map((one) => one[measure])).toFixed(3);
  console.log(`${name}, ${queries.length} queries: ${JSON.stringify(table)}`);
  expect({ name, worse }).toEqual({ name, worse: [] });
  return fused;
}

/** What operators, phrases and ids require holds for every hit, and what is asked for is there. */
async function expectConditionsHold(corpus: RelevanceCorpus, records: readonly LabeledRecord[]): Promise<number> {
  const queries = new RelevanceQueries(records);
  const captions = new Map(records.map(({ id, caption }) => [id, (caption ?? '').toLowerCase()]));
  const ids = queries.sample(records, 150);
  for (const { id } of ids) expect({ id, found: await corpus.find(byText(id)) }).toEqual({ id, found: [id] });
  const passages = queries.phrases(150, 3).filter(({ text }) => /^[a-z ]+$/i.test(text));
  for (const { text, wanted } of passages) {
    const found = await corpus.find(byText(`"${text}"`));
    expect({ text, lacking: [...wanted].filter((id) => !found.includes(id)) }).toEqual({ text, lacking: [] });
    expect(found.length).toBeLessThan(corpus.size / 4);
  }
  let negations = 0;
  for (const { text, wanted } of queries.words(100, 3, 30)) {
    const [first = ''] = [...wanted];
    const other = [...wordsOf(captions.get(first) ?? '')].find((word) => word !== text) ?? '';
    for (const query of [`${other} NOT ${text}`, `${other} -${text}`]) {
      const holding = (await corpus.find(byText(query))).filter((id) => wanted.has(id));
      expect({ query, holding }).toEqual({ query, holding: [] });
      negations++;
    }
  }
  return ids.length + passages.length + negations;
}

async function expectNothing(corpus: RelevanceCorpus): Promise<void> {
  const { keys, info } = await corpus.ask(byText('"xylofrabic wuzzle" blood smear'));
  expect({ keys, total: info.total, text: info.unconstrainedText }).toEqual({
    keys: [],
    total: 0,
    text: 'xylofrabic wuzzle blood smear',
  });
}

/** Whether the answers tell by themselves that they match. */
async function countMatching(corpus: RelevanceCorpus, texts: readonly string[]): Promise<number> {
  let matching = 0;
  for (const text of texts) if (((await corpus.ask(byText(text))).info.matches ?? 0) > 0) matching++;
  return matching;
}

/** Words of a foreign look, other ones than the search is calibrated by. */
const meaningless = Array.from({ length: 60 }, (_, i) => {
  const syllables = ['qua', 'zor', 'vif', 'plu', 'gre', 'mok', 'tur', 'xen', 'bly', 'dro', 'fen', 'huk', 'jas'];
  return (
    [1, 3, 7].map((step) => syllables[(i * step + step * step) % syllables.length]).join('') +
    String.fromCharCode(97 + (i % 26))
  );
});

describe('answers over the drawn samples', () => {
  it(
    'are no worse than those of the best channel, and hold what a query requires',
    async () => {
      const file = await writeCorpus(400);
      const records = readRecords(file);
      const queries = new RelevanceQueries(records);
      await RelevanceCorpus.with(file, async (corpus) => {
        await expectNoneBetter(corpus, 'words of captions', queries.words(100, 2, 40));
        await expectNoneBetter(corpus, 'passages of captions', queries.phrases(60, 4));
        expect(await expectConditionsHold(corpus, records)).toBeGreaterThan(250);
        await expectNothing(corpus);
      });
    },
    timeout,
  );
});

describeWithShared('answers over real figures', () => {
  const file = path.join(sharedDir, 'data/figures.jsonl');
  const labels = [
    ['chest x-ray radiograph', 'radiograph'],
    ['chest radiograph', 'radiograph'],
    ['blood smear', 'blood smear'],
    ['cell nuclei', 'nuclei'],
    ['red blood cells', 'RBC'],
    ['white blood cell', 'WBC'],
    ['platelets', 'Platelets'],
    ['neutrophil', 'neutrophil'],
    ['eosinophil', 'eosinophil'],
    ['basophil', 'basophil'],
    ['lymphocyte', 'lymphocyte'],
    ['monocyte', 'monocyte'],
    ['erythroblast', 'erythroblast'],
  ] as const;

  it(
    'are no worse than those of the best channel, in every class of queries',
    async () => {
      const records = readRecords(file);
      const queries = new RelevanceQueries(records);
      await RelevanceCorpus.with(file, async (corpus) => {
        await expectNoneBetter(corpus, 'rare words', queries.words(240, 2, 6));
        await expectNoneBetter(corpus, 'common words', queries.words(60, 15, 80));
        await expectNoneBetter(corpus, 'two words', queries.pairs(150, 60));
        await expectNoneBetter(corpus, 'passages of captions', queries.phrases(150, 6));
        const named = labels.map(([text, label]) => queries.label(text, label));
        const quality = await expectNoneBetter(corpus, 'labels', named);
        const precisions = Object.fromEntries(labels.map(([text], i) => [text, quality[i]?.precisionAt10]));
        expect(precisions['red blood cells']).toBeGreaterThanOrEqual(0.9);
        expect(meanOf(quality.map(({ precisionAt10 }) => precisionAt10))).toBeGreaterThanOrEqual(0.9);
        expect(await expectConditionsHold(corpus, records)).toBeGreaterThan(350);
        await expectNothing(corpus);
        expect(await countMatching(corpus, meaningless)).toBeLessThanOrEqual(9);
        expect(
          await countMatching(
            corpus,
            labels.map(([text]) => text),
          ),
        ).toBe(labels.length);
        const copied = queries.sample(records, 150);
        const missed: string[] = [];
        for (const { id, image } of copied) {
          const [first] = await corpus.find(await copyOf(path.join(sharedDir, 'data', image)));
          if (first !== id) missed.push(id);
        }
        expect(missed.length).toBeLessThanOrEqual(1);
      });
    },
    timeout,
  );

  it(
    'find a figure by a description that is not stored',
    async () => {
      const records = readRecords(file);
      const queries = new RelevanceQueries(records.filter(({ caption }) => caption !== undefined));
      await RelevanceCorpus.with(withoutDescriptions(file, records), async (corpus) => {
        await expectNoneBetter(corpus, 'descriptions', queries.descriptions(200));
      });
    },
    timeout,
  );
});

/** Half the size, JPEG of quality 40. */
async function copyOf(file: string): Promise<Term> {
  const edit = pictureEdits.find(({ name }) => name === 'half size at JPEG 40');
  if (edit === undefined) throw new Error('Expected the edit to be one of the benchmark');
  const bytes = await edit.apply((await decodeImage(readFileSync(file))).image);
  return { kind: 'image', image: { source: { kind: 'bytes', bytes }, region: null }, weight: 1 };
}
