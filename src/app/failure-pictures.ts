import type { INestApplicationContext } from '@nestjs/common';
import type { Figure } from '../domain/figure.js';
import { FigseekError } from '../domain/errors.js';
import type { KnownItemEvaluation, QueryOutcome } from '../evaluation/known-items/evaluate-corpus.js';
import { worstOutcomes } from '../evaluation/known-items/worst-outcomes.js';
import { decodeImage } from '../imaging/decode.js';
import { pictureEdits } from '../imaging/pictures/picture-edits.js';
import { BlobStore } from '../ports/blob-store.js';
import { FigureStore } from '../ports/figure-store.js';
import { ImageReader } from '../ports/image-reader.js';
import { ThumbnailStore, type EncodedImage } from '../ports/thumbnail-store.js';
import type { Config } from './config.js';

/** A figure as a report shows it. */
export interface ShownFigure {
  readonly sourceKey: string;
  readonly caption: string;
  /** Null where its image cannot be read. */
  readonly picture: EncodedImage | null;
}

/** A query whose right figure did not come first. */
export interface ShownFailure {
  readonly outcome: QueryOutcome;
  /** The changed copy that was asked with; null for a text. */
  readonly asked: EncodedImage | null;
  readonly expected: ShownFigure | null;
  readonly first: ShownFigure | null;
}

const size = 240;
const mostOfKind = 9;

/** The worst failures of an evaluation with their pictures. */
export async function showFailures(
  core: INestApplicationContext,
  { queries }: KnownItemEvaluation,
  { maxPixels }: Pick<Config, 'maxPixels'>,
): Promise<readonly ShownFailure[]> {
  const outcomes = worstOutcomes(queries, mostOfKind);
  const ids = outcomes.flatMap(({ figureId, first }) => (first === null ? [figureId] : [figureId, first]));
  const figures = await core.get(FigureStore).figuresByIds(ids);
  const shown = async (figure: Figure | undefined): Promise<ShownFigure | null> => {
    if (figure === undefined) return null;
    const { sourceKey, caption, imageHash } = figure;
    return { sourceKey, caption, picture: await readable(core.get(ThumbnailStore).get(imageHash, size)) };
  };
  return Promise.all(
    outcomes.map(async (outcome) => {
      const expected = figures.get(outcome.figureId);
      return {
        outcome,
        asked: expected === undefined ? null : await readable(copyOf(core, expected, outcome, maxPixels)),
        expected: await shown(expected),
        first: outcome.first === null ? null : await shown(figures.get(outcome.first)),
      };
    }),
  );
}

/** The changed copy, small; null where a text was asked. */
async function copyOf(
  core: INestApplicationContext,
  { imageHash }: Figure,
  { asked, class: name }: QueryOutcome,
  maxPixels: number,
): Promise<EncodedImage | null> {
  const edit = name === `copy: ${asked}` ? pictureEdits.find((one) => one.name === asked) : undefined;
  if (edit === undefined) return null;
  const { image } = await decodeImage(await core.get(BlobStore).get(imageHash), { maxPixels });
  return core.get(ImageReader).thumbnail(await edit.apply(image), size);
}

async function readable<Made>(making: Promise<Made>): Promise<Made | null> {
  try {
    return await making;
  } catch (error) {
    if (error instanceof FigseekError) return null;
    throw error;
  }
}
