import { Option, type Command } from 'commander';
import type { Config } from '../app/config.js';
import { withCorpusListing } from '../app/corpus-listing.js';
import { FigseekError } from '../domain/errors.js';
import { figureOrders, type FigureOrder } from '../domain/figure-order.js';
import { localOperator } from '../domain/viewer.js';
import { printJson } from './output.js';
import { printListed } from './print-listed.js';
import { readFilter } from './search-filters.js';
import type { RequestOptions } from './search-request-options.js';

export interface BrowseOptions extends RequestOptions {
  readonly sort?: string;
  readonly after?: string;
  readonly articles?: boolean;
  readonly json?: boolean;
}

/** Adds the options of a list without a query. */
export function withListOptions(command: Command): Command {
  const sorts = figureOrders.map((order) => order.toLowerCase());
  return command
    .addOption(new Option('--sort <order>', 'the order of a list without a query (default: newest)').choices(sorts))
    .option('--after <cursor>', 'the part of such a list behind this place, which the part before names');
}

/**
 * Whether figures are listed without a query.
 * @throws {FigseekError} BAD_USER_INPUT where an option does not go together with a query, or with none
 */
export function isBrowsing(text: string | null, options: BrowseOptions): boolean {
  const hasQuery = text !== null || options.image !== undefined || options.not !== undefined;
  const without = { '--sort': options.sort, '--after': options.after };
  const withQuery = {
    '--region': options.region,
    '--channels': options.channels,
    '--exact': options.exact,
    '--no-expand': options.expand === false ? true : undefined,
    '--min-relative-score': options.minRelativeScore,
    '--articles': options.articles,
  };
  const [strange] = Object.entries(hasQuery ? without : withQuery).find(([, value]) => value !== undefined) ?? [];
  if (strange === undefined) return !hasQuery;
  throw new FigseekError(
    'BAD_USER_INPUT',
    hasQuery
      ? `Expected ${strange} without a query: what a query finds comes best first`
      : `Expected a text or an image with ${strange}`,
  );
}

/** Prints the figures that the filter allows, page by page, without a query and without a model. */
export async function browseFigures(config: Config, options: BrowseOptions): Promise<void> {
  const order = figureOrders.find((known): known is FigureOrder => known.toLowerCase() === options.sort) ?? 'NEWEST';
  const { after = null, first, json } = options;
  const request = { filter: readFilter(options), order, after, first };
  await withCorpusListing(config, async (listing) => {
    const page = await listing.page(localOperator, request);
    if (json === true) printJson(page);
    else printListed(page, request);
  });
}
