import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { splitSentences, wordSnippet } from '../../src/search/snippet.js';
import { markedTerms } from '../../src/domain/text/marked-terms.js';
import { CaptionedCorpus, type CaptionedFigure } from '../support/captioned-corpus.js';
import { describeWithShared, sharedDir } from '../support/shared.js';

const opened: CaptionedCorpus[] = [];
afterAll(() => Promise.all(opened.map((corpus) => corpus.close())));

/** A keyword search over figures with these captions; it answers with their source keys, best first. */
async function searchOver(figures: readonly CaptionedFigure[]): Promise<(text: string) => Promise<readonly string[]>> {
  const corpus = await CaptionedCorpus.open(figures);
  opened.push(corpus);
  return (text) => corpus.search(text);
}

describe('the keyword channel', () => {
  it.each([
    // [kind, query, caption that is found, caption that is not]
    ['a soft hyphen', 'histology', 'Histo\u00adlogy of the gut', 'His to logy'],
    ['a zero-width space', 'blotting', 'Blot\u200bting membrane', 'Blot ting'],
    ['markup and entities', 'NaHCO3', 'NaHCO<sub>3</sub> buffer', 'NaHCO buffer, tube 3'],
    ['entities that were encoded twice', 'IL-1β', 'IL-1&amp;beta; level', 'IL-1 receptor'],
    ['tags written as entities', 'coli', '&lt;i&gt;E. coli&lt;/i&gt;', 'collie'],
    ['a citation', 'lymphocytes', 'Lymphocytes⁴⁵ infiltrate', 'Lymph vessels'],
    ['a power of ten', '10^5', 'About 10⁵ cells', 'Lane 105'],
    ['a unit with a power', 'mm3', 'A volume of 4 mm³', 'A length of 4 mm'],
    ['an ordinal', '5th', 'The 5<sup>th</sup> day', 'The day 5 h'],
    ['Chinese', '癌细胞', '肝癌细胞染色', '癌症的细胞'],
    ['one Chinese character', '肝', '肝癌', '肺癌'],
    ['Latin letters in Chinese', 'MRI', '头部MRI图像', 'MR'],
    ['Thai', 'ปอด', 'ภาพปอด', 'ภาพหัวใจ'],
    ['Korean with particles', '조직', '폐암 조직의 사진', '폐암'],
    ['Turkish letters', 'izmir', 'İZMİR cohort', 'Ismir'],
    ['ligatures', 'fluorescence', 'ﬂuorescence', 'uorescence'],
    ['sharp s', 'grosse', 'Große Zelle', 'grand'],
    ['an umlaut spelled out', 'muenster', 'Münster cohort', 'Minster'],
    ['an umlaut of a spelled-out word', 'Münster', 'Muenster cohort', 'Minster'],
    ['strokes', 'Malmo Lodz', 'Malmø, Łódź', 'Mal mo'],
    ['the micro sign', '5 uM', 'at 5 µM', 'at 7 mM'],
    ['a unit without a blank', '10 µm', 'bar: 10um', 'bar: 20um'],
    ['a Greek letter of a symbol', 'PRKCQ', 'PRKCθ knockout', 'PRKC knockout'],
    ['a Greek name of a symbol', 'TGF-β1', 'TGFbeta1 blot', 'TGF blot'],
    ['a symbol in two words', 'IFNG', 'IFN gamma release', 'IFN release'],
    ['NF-κB', 'NF-κB', 'NFkappaB p65', 'NF p65'],
    ['a Greek word', 'καρδιά', 'Η ΚΑΡΔΙΑ', 'καρφί'],
    ['typographic quotes', '“crazy paving”', 'the crazy paving sign', 'paving is crazy'],
    ['a possessive', 'Crohn', 'Crohn’s disease', 'crown'],
    ['a unit of letters', 'R&D', 'our R&D department', '(R) and (D), & more'],
    ['a minus before a number', 'at -20', 'kept at -20', 'kept warm'],
    ['a decimal', '0.05', 'p < 0.05', 'tubes 0 and 05'],
    ['capitals', 'LESIONS NOT SEEN', 'LESIONS NOT SEEN', 'another'],
  ])('finds %s: %s', async (_kind, query, caption, other) => {
    const search = await searchOver([
      { id: 'wanted', caption },
      { id: 'other', caption: other },
    ]);
    expect((await search(query))[0]).toBe('wanted');
  });

  it.each([
    ['a part of a DOI', 'bone', '10.1016/j.bone.2015.1'],
    ['the year of a DOI', '2015', '10.1016/j.bone.2015.1'],
  ])('does not find figures by %s', async (_kind, query, doi) => {
    const search = await searchOver([{ id: 'f', caption: 'blot', doi }]);
    expect(await search(query)).toEqual([]);
    expect(await search(doi)).toEqual(['f']);
    expect(await search(`https://doi.org/${doi.toUpperCase()}`)).toEqual(['f']);
    expect(await search(`doi:${doi}`)).toEqual(['f']);
  });

  it('finds a figure by its key, and by the name of its file, not by parts of them', async () => {
    const search = await searchOver([
      { id: 'slides/IMG_1234.png', caption: 'blot' },
      { id: '10', caption: 'gel' },
      { id: 'fig-1', caption: 'scan' },
    ]);
    expect(await search('fig-1')).toEqual(['fig-1']);
    for (const text of ['slides/IMG_1234.png', 'IMG_1234', 'id:img_1234']) {
      expect(await search(text)).toEqual(['slides/IMG_1234.png']);
    }
    for (const text of ['slides', 'img', '1234', '10 µm']) expect(await search(text)).toEqual([]);
    expect(await search('id:10')).toEqual(['10']);
  });

  it('excludes by -word and NOT, not by a minus before a digit', async () => {
    const search = await searchOver([
      { id: 'a', caption: 'stored at -80 and sequenced' },
      { id: 'b', caption: 'stored warm' },
    ]);
    expect(await search('stored -sequenced')).toEqual(['b']);
    expect(await search('stored NOT sequenced')).toEqual(['b']);
    expect((await search('stored -80'))[0]).toBe('a');
  });
});

describe('texts that were made to take long', () => {
  // Each of these took from seconds to minutes by expressions that go back over what they have read.
  it.each([
    ['letters', 'a'.repeat(50_000)],
    ['accents', `a${'\u0301'.repeat(50_000)}`],
    ['Greek letters', 'α'.repeat(50_000)],
    ['characters', '肺'.repeat(50_000)],
    ['capitals and operators', 'AB AND '.repeat(7000)],
    ['tags that do not end', '<a x=y '.repeat(7000)],
    ['abbreviations', 'Fig. '.repeat(10_000)],
  ])(
    'are analyzed all the same: %s',
    async (_kind, text) => {
      const search = await searchOver([{ id: 'long', caption: `smear ${text}` }]);
      expect(await search('smear')).toEqual(['long']);
      await search(text);
      expect(wordSnippet(splitSentences(`smear ${text}`), markedTerms('smear'))).toContain('<mark>smear</mark>');
    },
    60_000,
  );
});

const questions = z.array(
  z.object({
    q: z.string(),
    want: z.array(z.string()).optional(),
    absent: z.array(z.string()).optional(),
    count: z.number().optional(),
    ordered: z.boolean().optional(),
  }),
);
const record = z.object({
  id: z.string(),
  caption: z.string(),
  article: z.object({ doi: z.string().optional() }).optional(),
});

describeWithShared('the cases of queries and words', () => {
  it.each([
    ...['ids-as-words', 'query-capitals', 'query-curly-quotes', 'query-negative-number', 'words-cjk', 'words-folding'],
    ...['words-greek-units', 'words-invisible', 'words-markup', 'words-short-compound', 'words-superscript'],
  ])('%s', async (name) => {
    const folder = path.join(sharedDir, 'data/cases', name);
    const lines = readFileSync(path.join(folder, 'figs.jsonl'), 'utf8').trim().split('\n');
    const figures = lines.map((line) => record.parse(JSON.parse(line)));
    const search = await searchOver(figures.map(({ article, ...figure }) => ({ ...figure, doi: article?.doi })));
    for (const question of questions.parse(JSON.parse(readFileSync(path.join(folder, 'queries.json'), 'utf8')))) {
      const found = await search(question.q);
      const { want = [], absent = [], count, ordered = true } = question;
      if (ordered) expect({ question, found: found.slice(0, want.length) }).toEqual({ question, found: want });
      else expect(found).toEqual(expect.arrayContaining(want));
      expect(found.filter((id) => absent.includes(id))).toEqual([]);
      if (count !== undefined) expect(found).toHaveLength(count);
    }
  });
});
