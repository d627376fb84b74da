import { articleIdOf, figureIdOf, imageHashOf, panelIdOf } from '../src/domain/ids.js';
import type { FigureBundle } from '../src/store/repositories/figure-writer.js';

/** The space of the drawn vectors. */
export const space = { version: 'f'.repeat(64), dimensions: 24 };

/** A vector for each number, the same in every process, all different. */
export function drawnVector(number: number, dimensions = space.dimensions): Float32Array {
  const values = Float32Array.from({ length: dimensions }, (_, i) => Math.sin(number * (i + 1) * 1.31 + i * 0.7));
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** A figure with an image and a caption vector, without an image file. */
export function drawnFigure(number: number, { version, dimensions } = space): FigureBundle {
  const figureId = figureIdOf(`figure-${number}`);
  const size = { width: 1, height: 1 };
  const panelId = panelIdOf(figureId, 0);
  const article = { id: articleIdOf('one'), pmcid: null, pmid: null, doi: null, title: 'One', authors: [] };
  return {
    article: { ...article, journal: null, year: null, license: null, url: null, retracted: null },
    figure: {
      id: figureId,
      sourceKey: `figure-${number}`,
      articleId: article.id,
      label: null,
      caption: `caption ${number}`,
      alt: null,
      credit: null,
      license: null,
      labels: [],
      mentions: [],
      modality: null,
      imageHash: imageHashOf(Buffer.from(String(number))),
      ...size,
      createdAt: new Date(0),
    },
    recordHash: String(number),
    panels: [{ id: panelId, figureId, label: null, caption: null, box: { x: 0, y: 0, ...size } }],
    embeddings: [
      { panelId, space: version, kind: 'IMAGE', vector: drawnVector(number, dimensions) },
      { panelId, space: version, kind: 'CAPTION', vector: drawnVector(number + 0.5, dimensions) },
    ],
  };
}
