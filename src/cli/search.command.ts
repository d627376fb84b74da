import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config/config.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { attributionOf } from '../domain/figure.js';
import { allChannels, type Channel } from '../domain/search.js';
import { FigureSearch, type SearchAnswer } from '../search/figure-search.js';
import { plainRequest, type ImageReference, type Region, type Term } from '../search/search-request.js';
import { FigureReader } from '../store/repositories/figure-reader.js';
import { withCore } from './context.js';
import { wholeNumber } from './number-options.js';
import { printJson, printLine } from './output.js';

interface Options {
  readonly data?: string;
  readonly image?: string;
  readonly region?: Region;
  readonly not?: string;
  readonly channels?: readonly Channel[];
  readonly first: number;
  readonly exact?: boolean;
  readonly json?: boolean;
}

export function searchCommand(): Command {
  return new Command('search')
    .description('the same search as GraphQL: by words, by an image file, or both')
    .argument('[text]', 'what to look for')
    .option('--image <file>', 'an image to search by')
    .option('--region <x,y,width,height>', 'the part of the image that counts, in fractions 0..1 of it', regionOf)
    .option('--not <text>', 'words to move away from')
    .option('--channels <list>', 'which evidence may count: image,caption,keyword', channelList)
    .option('--first <n>', 'number of hits', wholeNumber, 20)
    .option('--exact', 'compare with every vector')
    .option('--json', 'print one JSON document')
    .action(async (text: string | undefined, _options, command: Command) => {
      await search(text ?? null, command.optsWithGlobals<Options>());
    });
}

async function search(text: string | null, options: Options): Promise<void> {
  if (options.region !== undefined && options.image === undefined) {
    throw new FigseekError('BAD_USER_INPUT', 'Expected --region with --image, of which it is a part');
  }
  const image = options.image === undefined ? null : await imageFile(options.image, options.region ?? null);
  await withCore(loadConfig({ data: options.data }), async (core) => {
    const answer = await core.get(FigureSearch).search({
      ...plainRequest,
      terms: termsOf(text, image, options.not ?? null),
      channels: options.channels ?? null,
      first: options.first,
      exact: options.exact === true,
    });
    await print(answer, core.get(FigureReader), options.json === true);
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

async function print({ hits, info }: SearchAnswer, reader: FigureReader, asJson: boolean): Promise<void> {
  const figures = await reader.figuresByIds(hits.map(({ figureId }) => figureId));
  const articles = await reader.articlesByIds([...figures.values()].flatMap(({ articleId }) => articleId ?? []));
  const described = hits.flatMap((hit) => {
    const figure = figures.get(hit.figureId);
    if (figure === undefined) return [];
    const article = figure.articleId === null ? null : (articles.get(figure.articleId) ?? null);
    const { sourceKey, label, caption, labels, width, height } = figure;
    const attribution = attributionOf(figure, article);
    return [{ ...hit, sourceKey, label, caption, labels, width, height, attribution }];
  });
  if (asJson) {
    printJson({ hits: described, info });
    return;
  }
  for (const hit of described) {
    const channels = hit.evidence.map(({ channel, rank }) => `${channel.toLowerCase()} ${rank}`).join(', ');
    const others = hit.duplicates.length === 0 ? '' : `  +${hit.duplicates.length} nearly the same (--json names them)`;
    printLine(`${hit.rank}. ${hit.sourceKey}  ${hit.figureId}  [${channels}]${others}`);
    printLine(`   ${shortened(hit.caption === '' ? hit.labels.join(', ') : hit.caption)}`);
    printLine(`   ${shortened(hit.attribution)}`);
  }
  if (described.length === 0) printLine('Nothing found.');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
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
