import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { readArticleFile } from '../../src/adapters/sources/jats/article-file.js';
import type { ArticleFigure } from '../../src/adapters/sources/jats/figures.js';
import { readPermissions } from '../../src/adapters/sources/jats/permissions.js';
import { parseXml } from '../../src/adapters/sources/jats/xml-tree.js';
import { describeWithShared, sharedDir } from '../support/shared.js';

/** What an independent reader (read_jats.py beside the articles) found. */
interface Expected {
  readonly pmcid: string | null;
  readonly pmid: string | null;
  readonly doi: string | null;
  readonly title: string | null;
  readonly journal: string | null;
  readonly yearsAccepted: readonly number[];
  readonly authors: readonly string[];
  readonly licence: string | null;
  readonly retracted: boolean;
  readonly figures: readonly ExpectedFigure[];
  readonly subArticles: readonly { readonly figures: readonly ExpectedFigure[] }[];
}

interface ExpectedFigure {
  readonly id: string | null;
  readonly label: string | null;
  readonly captionLoose: string;
  readonly captionHasFormula: boolean;
  readonly graphicsToUse: readonly string[];
  readonly licence: string | null;
  readonly mentions: readonly string[];
}

const folder = path.join(sharedDir, 'data/acceptance/jats/open');
const read = <Value>(file: string): Value => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Value;
const articles = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.xml')) : [];

/** Letters and digits alone: how markup is written out is free. */
function loose(text: string | null | undefined): string {
  return (text ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const nameWords = (name: string): readonly string[] => (name.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).sort();

/** A sentence may end elsewhere: its first 120 letters stand in a mention, or a mention of more than 40 in the sentence. */
function isMentioned(sentence: string, mentions: readonly string[]): boolean {
  const wanted = loose(sentence);
  return (
    wanted.length <= 25 ||
    mentions
      .map(loose)
      .some((found) => found.includes(wanted.slice(0, 120)) || (found.length > 40 && wanted.includes(found)))
  );
}

function expectFigure(found: ArticleFigure | undefined, wanted: ExpectedFigure, ofArticle: string | null): void {
  if (found === undefined) throw new Error(`The figure ${wanted.label ?? wanted.id ?? ''} is not there`);
  expect(loose(found.label)).toBe(loose(wanted.label));
  if (!wanted.captionHasFormula) expect(loose(found.caption)).toContain(wanted.captionLoose);
  expect(found.permissions === null ? ofArticle : found.permissions.license).toBe(wanted.licence);
  expect(wanted.mentions.filter((sentence) => !isMentioned(sentence, found.mentions))).toEqual([]);
}

describeWithShared('articles of the acceptance set', () => {
  it('are there', () => {
    expect(articles.length).toBeGreaterThanOrEqual(20);
  });

  it.each(articles)('%s is read as the independent reader reads it', async (name) => {
    const expected = read<Expected>(name.replace(/\.xml$/, '.expected.json'));
    const { article, permissions, figures } = await readArticleFile(path.join(folder, name));
    expect([article.pmcid, article.pmid, article.doi]).toEqual([expected.pmcid, expected.pmid, expected.doi]);
    expect(loose(article.title)).toBe(loose(expected.title));
    expect(loose(article.journal)).toBe(loose(expected.journal));
    if (expected.yearsAccepted.length > 0) expect(expected.yearsAccepted).toContain(article.year);
    expect((article.authors ?? []).map(nameWords)).toEqual(expected.authors.map(nameWords));
    expect(permissions.license).toBe(expected.licence);
    expect(article.retracted).toBe(expected.retracted);
    const shown = expected.figures.filter(({ graphicsToUse }) => graphicsToUse.length > 0);
    for (const wanted of shown) {
      const hasPicture = ({ pictures }: ArticleFigure): boolean =>
        pictures.flat().some((picture) => wanted.graphicsToUse.includes(picture));
      expectFigure(figures.find(hasPicture), wanted, permissions.license);
    }
    const further = figures.filter(({ pictures }) => pictures.length > 0).length - shown.length;
    expect(further).toBeLessThanOrEqual(expected.subArticles.flatMap((part) => part.figures).length);
  });

  it('license texts of 61 articles give the expected codes', () => {
    const forms = readFileSync(path.join(folder, 'licence-forms.jsonl'), 'utf8').trim().split('\n');
    const read = forms.map((line) => JSON.parse(line) as { readonly expected: string | null; readonly xml: string });
    expect(read.map(({ xml }) => readPermissions(parseXml(xml)).license)).toEqual(read.map(({ expected }) => expected));
  });
});
