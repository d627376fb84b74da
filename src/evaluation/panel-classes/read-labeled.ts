import { wholeFigurePanelId } from '../../domain/ids.js';
import type { EmbeddingStore } from '../../ports/embedding-store.js';
import type { FigureStore } from '../../ports/figure-store.js';
import { isInSplit, type Split } from '../embed-records.js';
import type { ClassOf } from './class-labels.js';
import type { LabeledVector } from './train-head.js';

/** Vectors that are read at once. */
const readAtOnce = 500;

/** Figures that were looked at for their class. */
export interface LabeledFigures {
  readonly labeled: readonly LabeledVector[];
  /** Figures without a known class, and figures with one that have no vector of the model. */
  readonly withoutClass: number;
  readonly withoutVector: number;
}

/**
 * What stays together when figures are dealt into folds. `articles`: tells how well figures of other articles are named.
 * `figures`: for sources that hold all figures of a class under one title, as data sets do.
 */
export type GroupBy = 'articles' | 'figures';

export interface LabeledRequest {
  /** The version of the model. */
  readonly space: string;
  readonly classOf: ClassOf;
  readonly split: Split;
  /** Most figures that are looked at, at even distances. */
  readonly limit: number;
  readonly groupBy: GroupBy;
}

/** The stored vectors of the whole figures whose class is known. */
export async function readLabeled(
  figures: Pick<FigureStore, 'sampleEvenly'>,
  embeddings: Pick<EmbeddingStore, 'imageVectorsOfPanels'>,
  { space, classOf, split, limit, groupBy }: LabeledRequest,
): Promise<LabeledFigures> {
  const looked = (await figures.sampleEvenly(limit)).filter(({ sourceKey }) => isInSplit(sourceKey, split));
  const known = looked.flatMap((figure) => {
    const className = classOf(figure);
    return className === null
      ? []
      : [
          {
            id: wholeFigurePanelId(figure.id),
            className,
            group: (groupBy === 'articles' ? figure.articleId : null) ?? figure.id,
          },
        ];
  });
  const labeled: LabeledVector[] = [];
  for (let start = 0; start < known.length; start += readAtOnce) {
    const part = known.slice(start, start + readAtOnce);
    const vectors = await embeddings.imageVectorsOfPanels(
      part.map(({ id }) => id),
      space,
    );
    for (const { id, className, group } of part) {
      const vector = vectors.get(id);
      if (vector !== undefined) labeled.push({ className, group, vector });
    }
  }
  return { labeled, withoutClass: looked.length - known.length, withoutVector: known.length - labeled.length };
}
