import { z } from 'zod';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import type { GuardedClient } from '../../../platform/http/guarded-client.js';

const pageSize = 1000;
const maxBytes = 64 * 2 ** 20;

const answerSchema = z.object({
  hitCount: z.number().int().nonnegative().optional(),
  nextCursorMark: z.string().optional(),
  errMsg: z.string().optional(),
  resultList: z.object({ result: z.array(z.object({ pmcid: z.string().optional() })) }).optional(),
});

interface Page {
  readonly count: number;
  /** Of each result; null for one that names no article of PubMed Central. */
  readonly articles: readonly (string | null)[];
  readonly next: string | null;
}

/** What a search finds. */
export interface FoundArticles {
  readonly count: number;
  /** Each article once; null for a result that names none. */
  readonly articles: AsyncIterable<string | null>;
}

/** The search of Europe PMC, which knows all articles of PubMed Central. */
export class EuropePmc {
  /** @param url of its REST services, without a slash at its end */
  constructor(
    private readonly client: Pick<GuardedClient, 'get'>,
    private readonly url: string,
  ) {}

  /**
   * Articles of PubMed Central with open access that a query finds, in the syntax of Europe PMC.
   * @throws {FigseekError} BAD_USER_INPUT for a query that it refuses; as `GuardedClient.get`
   */
  async search(query: string): Promise<FoundArticles> {
    const wanted = `(${query}) AND OPEN_ACCESS:y AND IN_PMC:y`;
    const first = await this.page(wanted, '*');
    return { count: first.count, articles: this.allOf(wanted, first) };
  }

  /** Whether there is an article, with open access or without. @throws {FigseekError} as `GuardedClient.get` */
  async knows(article: string): Promise<boolean> {
    return (await this.page(`PMCID:${article}`, '*')).count > 0;
  }

  private async *allOf(query: string, first: Page): AsyncGenerator<string | null> {
    const seen = new Set<string>();
    let [page, mark, given] = [first, '*', 0];
    // Articles may be added while the pages are read, but not without end.
    while (given <= first.count + pageSize) {
      const before = given;
      for (const article of page.articles) {
        if (article !== null && seen.has(article)) continue;
        if (article !== null) seen.add(article);
        given++;
        yield article;
      }
      // A page without anything new, or the same mark again, is the end.
      if (page.next === null || page.next === mark || given === before) return;
      mark = page.next;
      page = await this.page(query, mark);
    }
  }

  private async page(query: string, cursorMark: string): Promise<Page> {
    const asked = { query, resultType: 'lite', format: 'json', pageSize: String(pageSize), cursorMark };
    const url = new URL(`${this.url}/search?${new URLSearchParams(asked).toString()}`);
    const bytes = await this.client.get(url, { what: 'the search of Europe PMC', maxBytes });
    const { hitCount, nextCursorMark, errMsg, resultList } = parseAnswer(bytes);
    if (errMsg !== undefined || hitCount === undefined) {
      const reason = errMsg?.slice(0, 300) ?? 'it gives no number of articles';
      throw new FigseekError('BAD_USER_INPUT', `Europe PMC does not take the query ${query}: ${reason}`);
    }
    const articles = resultList?.result.map(({ pmcid = '' }) => (/^PMC[1-9]\d{0,11}$/.test(pmcid) ? pmcid : null));
    return { count: hitCount, articles: articles ?? [], next: nextCursorMark ?? null };
  }
}

function parseAnswer(bytes: Uint8Array): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (error) {
    const message = `The answer of Europe PMC cannot be read: ${messageOf(error).slice(0, 300)}`;
    throw new FigseekError('SOURCE_UNAVAILABLE', message);
  }
}
