import { openSource } from '../adapters/sources/open-source.js';
import type { CaptionOutcome } from '../evaluation/evaluate.js';
import type { ImageReader } from '../ports/image-reader.js';
import { readable, shownSize, type ShownFailure, type ShownFigure } from './shown-figure.js';

const most = 12;

/**
 * The captions whose images came last, with their pictures.
 * @param file the labeled set that was evaluated
 */
export async function showCaptionFailures(
  file: string,
  captions: readonly CaptionOutcome[],
  reader: Pick<ImageReader, 'thumbnail'>,
): Promise<readonly ShownFailure[]> {
  const worst = captions.filter(({ rank }) => rank > 1).sort((a, b) => b.rank - a.rank);
  const shown = worst.slice(0, most);
  const wanted = new Set(shown.flatMap(({ id, firstId }) => [id, firstId]));
  const pictures = new Map<string, ShownFigure['picture']>();
  for await (const item of (await openSource(file, { format: 'auto' })).read()) {
    if (item.kind !== 'record' || !wanted.has(item.record.id)) continue;
    const picture = await readable(item.readImage().then((bytes) => reader.thumbnail(bytes, shownSize)));
    pictures.set(item.record.id, picture);
  }
  const figure = (key: string, caption: string): ShownFigure => ({ key, caption, picture: pictures.get(key) ?? null });
  return shown.map(({ caption, id, rank, firstId, firstCaption }) => ({
    ...{ kind: 'A caption', asked: caption, askedPicture: null, rank, wanted: 1 },
    expected: figure(id, caption),
    first: figure(firstId, firstCaption),
  }));
}
