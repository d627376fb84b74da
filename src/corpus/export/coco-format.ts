import type { Figure } from '../../domain/figure.js';
import { isMaskOf, type StoredMask } from '../../domain/stored-mask.js';
import { toAnnotation } from '../../imaging/masks/coco.js';
import { placeRunLength } from '../../imaging/masks/place-run-length.js';
import type { RunLength } from '../../imaging/masks/run-length.js';
import type { ExportedFigure, ExportStores } from './exported-figure.js';

type Pages = AsyncIterable<readonly ExportedFigure[]>;

/** Gives each name a number from 1, in the order of their coming. */
class Numbers {
  private readonly numbers = new Map<string, number>();

  of(name: string): number {
    const known = this.numbers.get(name) ?? this.numbers.size + 1;
    this.numbers.set(name, known);
    return known;
  }

  list<Listed>(toListed: (name: string, id: number) => Listed): readonly Listed[] {
    return [...this.numbers].map(([name, id]) => toListed(name, id));
  }
}

/**
 * The masks of a collection as a COCO “object detection” document, as src/imaging/masks/coco.ts makes it of one image: a category
 * for each prompt, an annotation for each mask that is not empty, in compressed run lengths of the whole image. One mask is in memory
 * at a time.
 */
export async function* cocoDocument(
  pages: () => Pages,
  { masks }: Pick<ExportStores, 'masks'>,
): AsyncGenerator<string> {
  const [licenses, prompts, images] = [new Numbers(), new Numbers(), new Numbers()];
  yield `{"info":${JSON.stringify({ description: 'Masks of a collection, exported from figseek' })},\n"images":[`;
  for await (const page of pages()) {
    for (const one of page)
      yield `${separator(images.of(one.figure.id))}${JSON.stringify(toImage(one, images, licenses))}`;
  }
  yield '],\n"annotations":[';
  let count = 0;
  for await (const page of pages()) {
    const stored = await masks.ofImages(page.map(({ figure }) => figure.imageHash));
    for (const { figure, panels } of page) {
      const own = stored.filter((mask) => panels.some(({ box }) => isMaskOf(mask, figure.imageHash, box)));
      for (const mask of own) {
        const rle = await masks.runLengths(mask.hash);
        const drawn = rle === null ? null : toCocoMask(mask, figure, rle);
        if (drawn === null) continue;
        count += 1;
        const ids = { id: count, image_id: images.of(figure.id), category_id: prompts.of(mask.prompt) };
        const { model, imageType } = mask;
        yield `${separator(count)}${JSON.stringify(toAnnotation(ids, drawn, { model, imageType }))}`;
      }
    }
  }
  const categories = prompts.list((name, id) => ({ id, name, supercategory: '' }));
  yield `],\n"categories":${JSON.stringify(categories)},\n`;
  yield `"licenses":${JSON.stringify(licenses.list((name, id) => ({ id, name, url: '' })))}}\n`;
}

function separator(number: number): string {
  return number === 1 ? '\n' : ',\n';
}

function toImage({ figure, article, file, attribution }: ExportedFigure, images: Numbers, licenses: Numbers): object {
  const license = figure.license ?? article?.license ?? null;
  return {
    ...{ id: images.of(figure.id), file_name: file ?? figure.id, width: figure.width, height: figure.height },
    ...(license === null ? {} : { license: licenses.of(license) }),
    ...{ figure_id: figure.id, attribution },
  };
}

/** A mask in run lengths of the whole image; null where it covers nothing: an annotation is an object to whoever reads it. */
function toCocoMask({ outcome, box }: StoredMask, image: Figure, rle: RunLength) {
  if (outcome.status !== 'READY' || outcome.measures.areaPixels === 0) return null;
  return { ...outcome.measures, rle: placeRunLength(rle, box, image) };
}
