import type { INestApplicationContext } from '@nestjs/common';
import type { Figure } from '../domain/figure.js';
import type { KnownItemEvaluation, QueryOutcome } from '../evaluation/known-items/evaluate-corpus.js';
import { worstOutcomes } from '../evaluation/known-items/worst-outcomes.js';
import { decodeImage } from '../imaging/decode.js';
import { pictureEdits } from '../imaging/pictures/picture-edits.js';
import { BlobStore } from '../ports/blob-store.js';
import { FigureStore } from '../ports/figure-store.js';
import { ImageReader } from '../ports/image-reader.js';
import { ThumbnailStore, type EncodedImage } from '../ports/thumbnail-store.js';
import type { Config } from './config.js';
import { readable, shownSize, type ShownFailure, type ShownFigure } from './shown-figure.js';

const mostOfKind = 9;

/** The worst failures of an evaluation of a corpus with their pictures. */
export async function showFailures(
  core: INestApplicationContext,
  { queries, classes }: KnownItemEvaluation,
  { maxPixels }: Pick<Config, 'maxPixels'>,
): Promise<readonly ShownFailure[]> {
  const outcomes = worstOutcomes(queries, mostOfKind);
  const titles = new Map<string, string>(classes.map(({ name, title }) => [name, title]));
  const ids = outcomes.flatMap(({ figureId, first }) => (first === null ? [figureId] : [figureId, first]));
  const figures = await core.get(FigureStore).figuresByIds(ids);
  const shown = async (figure: Figure | undefined): Promise<ShownFigure | null> => {
    if (figure === undefined) return null;
    const { sourceKey, caption, imageHash } = figure;
    return { key: sourceKey, caption, picture: await readable(core.get(ThumbnailStore).get(imageHash, shownSize)) };
  };
  return Promise.all(
    outcomes.map(async (outcome) => {
      const expected = figures.get(outcome.figureId);
      const { asked, wanted, ranks, class: name, first } = outcome;
      return {
        ...{ kind: titles.get(name) ?? name, asked, rank: ranks.FUSED ?? null, wanted },
        askedPicture: expected === undefined ? null : await readable(copyOf(core, expected, outcome, maxPixels)),
        expected: await shown(expected),
        first: first === null ? null : await shown(figures.get(first)),
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
  return core.get(ImageReader).thumbnail(await edit.apply(image), shownSize);
}
