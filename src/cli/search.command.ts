import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../app/config.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { allChannels, type Channel } from '../domain/search.js';
import { ArticleSearch } from '../search/article-search.js';
import { FigureSearch } from '../search/figure-search.js';
import {
  defaultSearchRequest,
  type ImageReference,
  type Region,
  type SearchRequest,
  type Term,
} from '../search/search-request.js';
import { FigureReader } from '../adapters/sqlite/figure-reader.js';
import { expectCorpus, withApp } from '../app/command-context.js';
import { wholeNumber } from './number-options.js';
import { printArticles, printFigures } from './print-hits.js';
import { filterOf, withFilterOptions, type FilterOptions } from './search-filters.js';

interface Options extends FilterOptions {
  readonly data?: string;
  readonly image?: string;
  readonly region?: Region;
  readonly not?: string;
  readonly channels?: readonly Channel[];
  readonly first: number;
  readonly exact?: boolean;
  readonly articles?: boolean;
  readonly json?: boolean;
}

export function searchCommand(): Command {
  const command = new Command('search')
    .description('the same search as GraphQL: by words, by an image file, or both; figures or articles')
    .argument('[text]', 'what to look for')
    .option('--image <file>', 'an image to search by')
    .option('--region <x,y,width,height>', 'the part of the image that counts, in fractions 0..1 of it', regionOf)
    .option('--not <text>', 'words to move away from')
    .option('--channels <list>', 'which evidence may count: image,caption,keyword', channelList)
    .option('--first <n>', 'number of hits', wholeNumber, 20)
    .option('--exact', 'compare with every vector')
    .option('--articles', 'articles by their figures, in place of figures')
    .option('--json', 'print one JSON document');
  return withFilterOptions(command).action(async (text: string | undefined, _options, command: Command) => {
    await search(text ?? null, command.optsWithGlobals<Options>());
  });
}

async function search(text: string | null, options: Options): Promise<void> {
  if (options.region !== undefined && options.image === undefined) {
    throw new FigseekError('BAD_USER_INPUT', 'Expected --region with --image, of which it is a part');
  }
  const image = options.image === undefined ? null : await imageFile(options.image, options.region ?? null);
  const config = loadConfig({ data: options.data });
  expectCorpus(config);
  await withApp(config, async (core) => {
    const request: SearchRequest = {
      ...defaultSearchRequest,
      terms: termsOf(text, image, options.not ?? null),
      channels: options.channels ?? null,
      first: options.first,
      exact: options.exact === true,
      filter: filterOf(options),
    };
    if (options.articles === true) {
      const found = await core.get(ArticleSearch).run(request);
      await printArticles(found, core.get(FigureReader), options.json === true);
      return;
    }
    const answer = await core.get(FigureSearch).search(request);
    await printFigures(answer, core.get(FigureReader), options.json === true);
  });
}

function termsOf(text: string | null, image: ImageReference | null, not: string | null): readonly Term[] {
  const terms: Term[] = [];
  if (text !== null) terms.push({ kind: 'text', text, weight: 1 });
  if (image !== null) terms.push({ kind: 'image', image, weight: 1 });
  if (not !== null) terms.push({ kind: 'text', text: not, weight: -1 });
  return terms;
}

async function imageFile(file: string, region: Region | null): Promise<ImageReference> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `The image cannot be read: ${messageOf(error)}`);
  });
  return { source: { kind: 'bytes', bytes }, region };
}

function channelList(text: string): readonly Channel[] {
  return text.split(',').map((name) => {
    const channel = allChannels.find((known) => known === name.trim().toUpperCase());
    if (channel === undefined)
      throw new InvalidArgumentError(`expected image, caption or keyword but received ${name}`);
    return channel;
  });
}

function regionOf(text: string): Region {
  const [x, y, width, height, ...more] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  // That it lies in the image is checked with the query.
  if (x === undefined || y === undefined || width === undefined || height === undefined || more.length > 0) {
    throw new InvalidArgumentError(`expected four numbers as 0.25,0.5,0.25,0.5 but received ${text}`);
  }
  return { x, y, width, height };
}
