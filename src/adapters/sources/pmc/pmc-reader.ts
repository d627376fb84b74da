import { setMaxListeners } from 'node:events';
import { FigseekError } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { GuardedClient } from '../../../platform/http/guarded-client.js';
import type { RetryPolicy } from '../../../platform/http/retries.js';
import type { BlobStore } from '../../../ports/blob-store.js';
import { figureScreen, takeAllFigures, type FigureScreening } from '../jats/figure-screen.js';
import { faultItem } from '../source-items.js';
import { EuropePmc } from './europe-pmc.js';
import { inOrder } from './in-order.js';
import { PmcArticles } from './pmc-articles.js';
import { PmcBucket } from './pmc-bucket.js';
import { PmcDownloads } from './pmc-downloads.js';
import type { PmcId } from './pmc-id.js';

/** Articles that are fetched ahead of the one whose figures are taken. */
const articlesAhead = 8;
/** Articles whose downloaded pictures are kept although the corpus has them by now. */
const maxUnreleased = 100;
/** Where the server fails for this many articles in a row it is taken to be down, and the run ends. */
const maxInARow = 20;
const serverFaults: ReadonlySet<string> = new Set(['SOURCE_UNAVAILABLE', 'TIMEOUT']);

const maxAnswerMs = 10 * 60_000;
/** Fewer attempts than for a model: here one article of many is given up, and the next run asks for it again. */
const policy: RetryPolicy = { attempts: 4, firstDelayMs: 500, maxDelayMs: 30_000 };

/** The usual address of the bucket, and one to which S3 may send a client. */
const [bucketHost, regionalHost] = ['pmc-oa-opendata.s3.amazonaws.com', 'pmc-oa-opendata.s3.us-east-1.amazonaws.com'];

const howToReach =
  'check the network; for a proxy set HTTPS_PROXY (and NO_PROXY), for a mirror FIGSEEK_PMC_URL and FIGSEEK_EUROPEPMC_URL';

export interface PmcSettings {
  /** Of the bucket or a mirror of it, without a slash at its end. */
  readonly pmcUrl: string;
  readonly europepmcUrl: string;
  readonly requestsPerSecond: number;
  readonly stallMs: number;
  /** Where downloads lie until they are in the corpus. */
  readonly folder: string;
  readonly blobs: Pick<BlobStore, 'has' | 'get' | 'fileOf'>;
  readonly screening: FigureScreening | null;
  readonly note: (line: string) => void;
  /** Aborted: nothing is asked any more, and the items end. */
  readonly signal: AbortSignal;
}

/** Articles of PubMed Central by their ids, or by a search. */
export class PmcReader {
  private readonly stop = new AbortController();
  private readonly client: GuardedClient;
  private readonly europePmc: EuropePmc;
  private readonly downloads: PmcDownloads;
  private readonly articles: PmcArticles;

  /** @throws {FigseekError} BAD_USER_INPUT for a screening that no figure could fit */
  constructor(private readonly settings: PmcSettings) {
    const { pmcUrl, europepmcUrl, requestsPerSecond, stallMs, note, screening } = settings;
    const screen = screening === null ? takeAllFigures : figureScreen(screening);
    const ended = AbortSignal.any([settings.signal, this.stop.signal]);
    // Each request under way listens to it.
    setMaxListeners(8 * articlesAhead, ended);
    this.client = new GuardedClient({
      hosts: hostsOf([pmcUrl, europepmcUrl]),
      ...{ requestsPerSecond, stallMs, maxMs: maxAnswerMs, policy, howToReach, note },
      signal: ended,
    });
    this.europePmc = new EuropePmc(this.client, europepmcUrl);
    this.downloads = new PmcDownloads(settings.folder, settings.blobs);
    const bucket = new PmcBucket(this.client, pmcUrl);
    this.articles = new PmcArticles({ bucket, europePmc: this.europePmc, downloads: this.downloads, screen });
  }

  /** The figures of articles, in the order of the ids. */
  itemsOf(ids: readonly PmcId[]): AsyncIterable<SourceItem> {
    return this.items(listed(ids), (id) => this.articles.itemsOf(id, false));
  }

  /**
   * How many articles a query of Europe PMC finds, and their figures.
   * @throws {FigseekError} BAD_USER_INPUT, SOURCE_UNAVAILABLE, TIMEOUT
   */
  async search(query: string): Promise<{ readonly count: number; readonly items: AsyncIterable<SourceItem> }> {
    const { count, articles } = await this.europePmc.search(query);
    const items = this.items(articles, (article) =>
      article === null
        ? Promise.resolve([faultItem('Europe PMC', 'A result of the search names no article of PubMed Central')])
        : this.articles.itemsOf({ article, version: null }, true),
    );
    return { count, items };
  }

  /** Deletes what was fetched, after a run that came to its end. */
  async sweep(): Promise<void> {
    await this.downloads.sweep();
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private async *items<Asked>(
    asked: AsyncIterable<Asked>,
    read: (one: Asked) => Promise<readonly SourceItem[]>,
  ): AsyncGenerator<SourceItem> {
    const stop = (): void => {
      this.stop.abort();
    };
    let inARow = 0;
    try {
      for await (const items of inOrder(asked, articlesAhead, read, stop)) {
        const last = failureOf(items);
        inARow = last === null ? 0 : inARow + 1;
        yield* items;
        await this.downloads.releaseBefore(maxUnreleased);
        if (last !== null && inARow === maxInARow) throw isDown(last);
      }
    } catch (error) {
      if (!this.settings.signal.aborted) throw error;
    }
  }
}

/** Why the server did not give an article; null where it gave one, or there is none. */
function failureOf(items: readonly SourceItem[]): string | null {
  const [item, ...others] = items;
  return others.length === 0 && item?.kind === 'fault' && serverFaults.has(item.code) ? item.message : null;
}

function isDown(last: string): FigseekError {
  const message = `${maxInARow} articles in a row could not be fetched, the last one: ${last}`;
  return new FigseekError('SOURCE_UNAVAILABLE', `${message}. The same command goes on from there`);
}

function hostsOf(addresses: readonly string[]): ReadonlySet<string> {
  const hosts = new Set(addresses.map((address) => new URL(address).host));
  if (hosts.has(bucketHost)) hosts.add(regionalHost);
  return hosts;
}

async function* listed<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const item of items) yield await Promise.resolve(item);
}
