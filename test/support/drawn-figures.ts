import { articleIdOf, figureIdOf, imageHashOf, panelIdOf } from '../../src/domain/ids.js';
import type { GivenArticle } from '../../src/domain/article.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';

/** The space of the drawn vectors. */
export const space = { version: 'f'.repeat(64), dimensions: 24 };

/**
 * A vector for each number and half number, the same in every process. Made by a generator of pseudo-random numbers
 * (mulberry32): sines of multiples come back to almost the same vector after some ten thousand.
 */
export function drawnVector(number: number, dimensions = space.dimensions): Float32Array {
  let state = Math.round(2 * number) * 0x9e3779b1;
  const values = Float32Array.from({ length: dimensions }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** An article of which a record says nothing but what is given. */
export function drawnArticle(key: string, given: Partial<GivenArticle>): GivenArticle {
  return {
    ...{ id: articleIdOf(key), pmcid: null, pmid: null, doi: null, title: `Article ${key}`, authors: [] },
    ...{ journal: null, year: null, license: null, licenseText: null, url: null, retracted: null },
    ...given,
  };
}

/** The figure as one of the article. */
export function withArticle(drawn: FigureWrite, article: GivenArticle): FigureWrite {
  return { ...drawn, article, figure: { ...drawn.figure, articleId: article.id } };
}

/** The figure with a panel for each label beside the whole figure. */
export function withParts(drawn: FigureWrite, labels: readonly string[]): FigureWrite {
  const { id: figureId } = drawn.figure;
  const parts = labels.map((label, at) => ({
    ...{ id: panelIdOf(figureId, at + 1), figureId, label, caption: `part ${label}` },
    box: { x: 0, y: 0, width: 1, height: 1 },
  }));
  return { ...drawn, panels: [...drawn.panels.slice(0, 1), ...parts] };
}

/** A figure with an image and a caption vector, without an image file. */
export function drawnFigure(number: number, { version, dimensions } = space): FigureWrite {
  const figureId = figureIdOf(`figure-${number}`);
  const size = { width: 1, height: 1 };
  const panelId = panelIdOf(figureId, 0);
  const article = drawnArticle('one', { title: 'One' });
  return {
    article,
    figure: {
      id: figureId,
      source: 'drawn',
      sourceKey: `figure-${number}`,
      articleId: article.id,
      label: null,
      caption: `caption ${number}`,
      alt: null,
      credit: null,
      license: null,
      licenseText: null,
      labels: [],
      mentions: [],
      modality: null,
      imageHash: imageHashOf(Buffer.from(String(number))),
      ...size,
      pixelSpacing: null,
      valueRange: null,
      panelOrigin: null,
      panelSuggestion: null,
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
