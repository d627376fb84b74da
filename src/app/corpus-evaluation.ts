import type { INestApplicationContext } from '@nestjs/common';
import { FigseekError } from '../domain/errors.js';
import type { FigureId, ImageHash } from '../domain/ids.js';
import { localOperator } from '../domain/viewer.js';
import type { Ask, AskedContent } from '../evaluation/known-items/ask.js';
import type { OtherSettings } from '../evaluation/known-items/compare-settings.js';
import { CorpusEvaluation, type KnownItemEvaluation } from '../evaluation/known-items/evaluate-corpus.js';
import type { JudgedTexts } from '../evaluation/known-items/judgments.js';
import { depth } from '../evaluation/known-items/way-measures.js';
import type { RawImage } from '../domain/raw-image.js';
import { decodeImage } from '../imaging/decode.js';
import { BlobStore } from '../ports/blob-store.js';
import { Stores } from '../ports/stores.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { FigureSearch } from '../search/figure-search.js';
import {
  defaultSearchRequest,
  parseSearchRequest,
  usualDepth,
  type SearchRequest,
  type Term,
} from '../search/search-request.js';
import { ActiveModel } from './active-model.js';
import { advice } from './advice.js';
import type { Config } from './config.js';

/** How many queries of each class are made, from which seed. */
export interface KnownItemOptions {
  readonly seed: string;
  readonly count: number;
  readonly judgments: readonly JudgedTexts[];
}

/**
 * Evaluates the corpus of a started application by queries that are made from it.
 * @throws {FigseekError} INDEX_UNAVAILABLE where no figure is embedded by the model
 */
export async function evaluateCorpus(
  core: INestApplicationContext,
  config: Pick<Config, 'maxPixels' | 'data'>,
  { against, ...options }: KnownItemOptions & { readonly against: OtherSettings | null },
  reporter: Pick<WorkReporter, 'track'>,
): Promise<KnownItemEvaluation> {
  const readImage = await readerOf(core, config);
  const { name } = core.get(ActiveModel).current.model;
  const other = against === null ? null : { settings: against, ask: askByOther(core, against) };
  const evaluation = new CorpusEvaluation(core.get(Stores), askOf(core), name, other);
  return evaluation.run({ ...options, readImage }, reporter);
}

/** The search with some settings changed, which has all others as it is served. */
function askByOther(core: INestApplicationContext, { weights, channels, depth, expand }: OtherSettings): Ask {
  const settings = {
    channelWeights: weights ?? defaultSearchRequest.channelWeights,
    channels,
    expand: expand ?? defaultSearchRequest.expand,
  };
  return askOf(core, settings, depth ?? undefined);
}

/**
 * Reads stored images to make copies of them, of a corpus that can be searched.
 * @throws {FigseekError} INDEX_UNAVAILABLE where no figure is embedded by the model
 */
export async function readerOf(
  core: INestApplicationContext,
  { maxPixels, data }: Pick<Config, 'maxPixels' | 'data'>,
): Promise<(hash: ImageHash) => Promise<RawImage>> {
  const { model, space } = core.get(ActiveModel).current;
  if ((await space.status()).indexed === 0) {
    const fix = `“${advice(`models use ${model.name}`, data)}” embeds what is there`;
    throw new FigseekError('INDEX_UNAVAILABLE', `No figure is embedded by ${model.name}; ${fix}`);
  }
  return async (hash) => (await decodeImage(await core.get(BlobStore).get(hash), { maxPixels })).image;
}

/**
 * The search of the server, for an evaluation.
 * @param asDeep how many panels each channel names for a text where several are asked; absent: as many as searches of the corpus do
 */
export function askOf(
  core: INestApplicationContext,
  settings: Partial<SearchRequest> = {},
  asDeep: number = core.get(ActiveModel).current.tuned.current.depth ?? usualDepth,
): Ask {
  const search = core.get(FigureSearch);
  return async (content, way, exact = false) => {
    const request: SearchRequest = {
      ...defaultSearchRequest,
      ...settings,
      terms: [termOf(content)],
      channels: way === 'FUSED' ? (settings.channels ?? null) : [way],
      exact,
      // Figures with the same picture are one right answer to an image, and several to a text.
      collapseDuplicates: content.kind === 'image',
    };
    const isJoined = content.kind === 'text' && request.channels?.length !== 1;
    const deep = isJoined ? asDeep : depth;
    const { figures, info } = await search.ranked(localOperator, parseSearchRequest(request, depth), deep);
    const found = figures.map(({ figureId, duplicates }): readonly FigureId[] => [figureId, ...duplicates]);
    return { found: found.slice(0, depth), exact: info.exact };
  };
}

function termOf(content: AskedContent): Term {
  if (content.kind === 'text') return { kind: 'text', text: content.text, weight: 1 };
  return { kind: 'image', image: { source: { kind: 'bytes', bytes: content.bytes }, region: null }, weight: 1 };
}
