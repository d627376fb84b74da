import { describe, expect, it } from '@jest/globals';
import { EuropePmc } from './europe-pmc.js';

/** A search whose pages hold these results, one page after the other. */
async function found(pages: readonly (readonly (string | undefined)[])[]): Promise<readonly (string | null)[]> {
  const get = (url: URL): Promise<Uint8Array> => {
    const at = Number(/\d+$/.exec(url.searchParams.get('cursorMark') ?? '')?.[0] ?? 0);
    const result = (pages[at] ?? []).map((pmcid) => ({ pmcid }));
    const answer = { hitCount: pages.flat().length, nextCursorMark: `at ${at + 1}`, resultList: { result } };
    return Promise.resolve(Buffer.from(JSON.stringify(answer)));
  };
  const articles: (string | null)[] = [];
  for await (const article of (await new EuropePmc({ get }, 'http://search.example').search('x')).articles)
    articles.push(article);
  return articles;
}

describe('a search of Europe PMC', () => {
  it('gives each article once, from all pages', async () => {
    expect(await found([['PMC1', 'PMC2'], ['PMC2', 'PMC3'], []])).toEqual(['PMC1', 'PMC2', 'PMC3']);
  });

  it('goes on after a page whose results name no article', async () => {
    expect(await found([['PMC1'], [undefined, 'nonsense'], ['PMC2']])).toEqual(['PMC1', null, null, 'PMC2']);
  });
});
