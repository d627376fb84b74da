import fc from 'fast-check';
import type { Bitmap } from '../../src/imaging/masks/components.js';
import type { FigureFilter } from '../../src/domain/figure-filter.js';

/** Masks of every shape up to `maxSide` pixels a side. */
export function bitmaps(maxSide: number): fc.Arbitrary<Bitmap> {
  const side = fc.integer({ min: 1, max: maxSide });
  return fc
    .tuple(side, side)
    .chain(([width, height]) =>
      fc
        .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
        .map((pixels) => ({ width, height, data: Uint8Array.from(pixels) })),
    );
}

/** Filters by what stands in a record, at most three levels deep; `values` are those of the corpus, and one that is not. */
export function filters(values: {
  readonly modalities: readonly string[];
  readonly licenses: readonly string[];
  readonly journals: readonly string[];
  readonly labels: readonly string[];
  readonly articleIds: readonly string[];
}): fc.Arbitrary<FigureFilter> {
  const some = (known: readonly string[]) => fc.array(fc.constantFrom(...known, 'none of these'), { maxLength: 3 });
  const year = fc.integer({ min: 1995, max: 2015 });
  const own = fc.record(
    {
      yearFrom: fc.option(year),
      yearTo: fc.option(year),
      years: fc.option(fc.array(year, { maxLength: 3 })),
      modalities: fc.option(some(values.modalities)),
      licenses: fc.option(some(values.licenses)),
      journals: fc.option(some(values.journals)),
      labels: fc.option(some(values.labels)),
      articleIds: fc.option(some(values.articleIds)),
      reuse: fc.option(fc.constantFrom('ANY', 'COMMERCIAL', 'DERIVATIVES', 'COMMERCIAL_DERIVATIVES')),
      ingestedAfter: fc.option(fc.integer({ min: 0, max: 300 }).map((second) => new Date(second * 1000))),
    },
    { requiredKeys: [] },
  );
  const parts = fc.letrec<{ filter: FigureFilter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      own,
      fc.tuple(own, fc.array(tie('filter'), { maxLength: 2 })).map(([base, and]) => ({ ...base, and })),
      fc.tuple(own, fc.array(tie('filter'), { maxLength: 2 })).map(([base, or]) => ({ ...base, or })),
      fc.tuple(own, tie('filter')).map(([base, not]) => ({ ...base, not })),
    ),
  }));
  return fc
    .tuple(parts.filter, fc.option(fc.boolean()))
    .map(([filter, excludeRetracted]) => ({ ...filter, excludeRetracted }));
}
