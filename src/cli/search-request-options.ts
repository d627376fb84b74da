import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { Channel } from '../domain/search.js';
import {
  defaultSearchRequest,
  type ImageReference,
  type Region,
  type SearchRequest,
  type Term,
} from '../search/search-request.js';
import { channelList } from './channel-names.js';
import { share } from './number-options.js';
import { readFilter, type FilterOptions } from './search-filters.js';

/** What the options of a search command say. */
export interface RequestOptions extends FilterOptions {
  readonly image?: string;
  readonly region?: Region;
  readonly not?: string;
  readonly channels?: readonly Channel[];
  readonly first: number;
  readonly exact?: boolean;
  readonly expand?: boolean;
  readonly minRelativeScore?: number;
}

/** Adds the options of a query. */
export function withRequestOptions(command: Command): Command {
  return command
    .option('--image <file>', 'an image to search by')
    .option('--region <x,y,width,height>', 'the part of the image that counts, in fractions 0..1 of it', parseRegion)
    .option('--not <text>', 'words to move away from')
    .option('--channels <list>', 'which evidence may count: image,caption,keyword', channelList)
    .option('--no-expand', 'no synonyms of the words, and no abbreviations written out')
    .option('--exact', 'compare with every vector')
    .option(
      '--min-relative-score <share>',
      "leave out hits whose fused score is less than this share of the best hit's, 0..1; scores compare within one answer only",
      share,
    );
}

/** @param text null for none @throws {FigseekError} BAD_USER_INPUT for a region without an image, or an unreadable one */
export async function readSearchRequest(text: string | null, options: RequestOptions): Promise<SearchRequest> {
  const { image, region, not, channels, first, exact, expand = true, minRelativeScore = null } = options;
  if (region !== undefined && image === undefined) {
    throw new FigseekError('BAD_USER_INPUT', 'Expected --region with --image, of which it is a part');
  }
  const terms: Term[] = [];
  if (text !== null) terms.push({ kind: 'text', text, weight: 1 });
  if (image !== undefined) terms.push({ kind: 'image', image: await imageFile(image, region ?? null), weight: 1 });
  if (not !== undefined) terms.push({ kind: 'text', text: not, weight: -1 });
  const filter = readFilter(options);
  const asked = { terms, channels: channels ?? null, first, exact: exact === true, expand, minRelativeScore, filter };
  return { ...defaultSearchRequest, ...asked };
}

async function imageFile(file: string, region: Region | null): Promise<ImageReference> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `The image cannot be read: ${messageOf(error)}`);
  });
  return { source: { kind: 'bytes', bytes }, region };
}

/** Four numbers with commas between them; that they lie in the image is checked with the query. @throws {InvalidArgumentError} */
function parseRegion(text: string): Region {
  const [x, y, width, height, ...more] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (x === undefined || y === undefined || width === undefined || height === undefined || more.length > 0) {
    throw new InvalidArgumentError(`expected four numbers as 0.25,0.5,0.25,0.5 but received ${text}`);
  }
  return { x, y, width, height };
}
